package org.descry.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where a block writes the gradients of its parameters.
 *
 * @param gamma null where nothing is normalised, and so beta
 */
public record BlockGradients(INDArray w, INDArray b, INDArray gamma, INDArray beta) {}
