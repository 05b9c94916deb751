package org.descry.layer;

import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How a recurrent vertex's arrays lie outside of its kernels, which take sequences N x T x D and
 * states N x (L K S H).
 */
interface RecurrentLayout {
  /** A sequence as the kernels take it, or the other way round: a view. */
  INDArray sequence(INDArray array);

  /**
   * The initial states as the kernels take them.
   *
   * @param given the vertex's inputs beside x
   * @param n N
   */
  INDArray initial(INDArray[] given, long n);

  /** What the vertex gives of what its pass gives. */
  INDArray output(INDArray array);

  /** The gradient of what the pass gives. */
  INDArray outputGradient(INDArray dOut);

  /** The gradients of the inputs beside x. */
  INDArray[] initialGradients(INDArray dH0, INDArray[] given, Allocator allocator);
}
