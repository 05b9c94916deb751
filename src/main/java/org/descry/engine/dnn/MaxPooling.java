package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Two-dimensional max pooling on float32 images N x H x W x C in row-major memory. The forward pass
 * leaves where each maximum stood, so that the backward pass need not look for it again. Not
 * thread-safe.
 */
public final class MaxPooling {
  /** The arguments of the way back. */
  static final int[] BACKWARD = {
    Primitive.OUT_GRADIENT, Primitive.SOURCE_GRADIENT, Primitive.WORKSPACE
  };

  private static final int MAXIMUM = 0x1ff;
  private static final long[] NONE = {0, 0};

  private final long[] kernel;
  private final long[] strides;
  private final Variants<Pooling> variants = new Variants<>();

  public MaxPooling(long[] kernel, long[] strides) {
    this.kernel = kernel;
    this.strides = strides;
  }

  private record Pooling(Primitive forward, Primitive answer, Primitive backward, long places) {}

  /**
   * Bytes that the places of the maxima take, 0 where ND4J has to do the pooling.
   *
   * @param x N x H x W x C
   * @param out N x OH x OW x C
   */
  public long places(INDArray x, INDArray out) {
    Pooling pooling = pooling(x, out);
    return pooling == null ? 0 : pooling.places;
  }

  /**
   * @param places receives where the maxima stand, as many bytes as {@link #places} says; null
   *     where there is no way back
   */
  public void forward(INDArray x, INDArray out, INDArray places) {
    Pooling pooling = pooling(x, out);
    if (places == null) {
      pooling.answer.set(0, x).set(1, out).run();
    } else {
      pooling.forward.set(0, x).set(1, out).set(2, places).run();
    }
  }

  /**
   * Writes the gradient of the input.
   *
   * @param places what the forward pass left
   */
  public void backward(INDArray dOut, INDArray places, INDArray dX) {
    pooling(dX, dOut).backward.set(0, dOut).set(1, dX).set(2, places).run();
  }

  private Pooling pooling(INDArray x, INDArray out) {
    if (!Dnn.on() || !Memories.rowMajor(x) || !Memories.rowMajor(out)) {
      return null;
    }
    return variants.get(() -> make(x, out), x, out);
  }

  private Pooling make(INDArray x, INDArray out) {
    try (Descs descs = new Descs(FastOp.PER_ELEMENT * x.length())) {
      long source = images(x, descs);
      long result = images(out, descs);
      long[] padAfter = padAfter(x, out);
      long forward = forward(Primitive.TRAINING, source, result, padAfter, descs);
      long answer = forward(Primitive.INFERENCE, source, result, padAfter, descs);
      long places = Descs.query(forward, Descs.WORKSPACE);
      long backward = backward(source, result, padAfter, forward, descs);
      return new Pooling(
          descs.call(
              forward,
              new int[] {Primitive.SOURCE, Primitive.OUT, Primitive.WORKSPACE},
              source,
              result,
              places),
          descs.call(answer, new int[] {Primitive.SOURCE, Primitive.OUT}, source, result),
          descs.call(backward, BACKWARD, result, source, places),
          Library.dnnl_memory_desc_get_size(places));
    }
  }

  /** The layout of images N x H x W x C. */
  static long images(INDArray array, Descs descs) {
    return descs.channelsLast(array.size(0), array.size(3), array.size(1), array.size(2));
  }

  /** What the last windows reach beyond the images N x H x W x C. */
  long[] padAfter(INDArray x, INDArray out) {
    return new long[] {
      (out.size(1) - 1) * strides[0] + kernel[0] - x.size(1),
      (out.size(2) - 1) * strides[1] + kernel[1] - x.size(2)
    };
  }

  long backward(long source, long result, long[] padAfter, long hint, Descs descs) {
    return descs.primitive(
        handle ->
            Library.dnnl_pooling_backward_primitive_desc_create(
                handle,
                Library.ENGINE,
                MAXIMUM,
                source,
                result,
                strides,
                kernel,
                NONE,
                NONE,
                padAfter,
                hint,
                0));
  }

  long forward(int propagation, long source, long result, long[] padAfter, Descs descs) {
    return descs.primitive(
        handle ->
            Library.dnnl_pooling_forward_primitive_desc_create(
                handle,
                Library.ENGINE,
                propagation,
                MAXIMUM,
                source,
                result,
                strides,
                kernel,
                NONE,
                NONE,
                padAfter,
                0));
  }
}
