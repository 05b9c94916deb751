package org.descry.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of a block.
 *
 * @param w the map's weights
 * @param b its biases
 * @param norm null where nothing is normalised
 */
public record BlockParameters(INDArray w, INDArray b, BatchNorm.Parameters norm) {}
