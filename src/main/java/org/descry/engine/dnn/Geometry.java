package org.descry.engine.dnn;

import java.util.function.Predicate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The window of a convolution: its size, stride, padding and dilation, height first.
 *
 * @param strides between windows
 * @param padding before the first row and column
 * @param gaps pixels between two that a window looks at
 */
public record Geometry(long[] kernel, long[] strides, long[] padding, long[] gaps) {
  private static final int DIRECT = 1;

  /** Up to so many weights, a filter is too small for products of matrices. */
  private static final long SMALL_FILTER = 100;

  /** Floats that the widest registers hold. */
  private static final int VECTOR = 16;

  /** Without gaps. */
  public Geometry(long[] kernel, long[] strides, long[] padding) {
    this(kernel, strides, padding, new long[] {0, 0});
  }

  /** The arguments of {@link #backwardWeights}. */
  static final int[] OF_WEIGHTS = {
    Primitive.SOURCE, Primitive.OUT_GRADIENT, Primitive.WEIGHTS_GRADIENT, Primitive.BIAS_GRADIENT
  };

  /** What is left of the padding behind the last row and column that a window reaches. */
  long[] padAfter(INDArray x, INDArray out) {
    long[] after = new long[2];
    for (int i = 0; i < 2; i++) {
      long reach = (out.size(2 + i) - 1) * strides[i] + (kernel[i] - 1) * (gaps[i] + 1) + 1;
      after[i] = reach - x.size(2 + i) - padding[i];
    }
    return after;
  }

  /**
   * Filters of few weights, as those over the colours of an image, are not made products of
   * matrices, which is what oneDNN prefers for channels-last images: a product over three channels
   * leaves most of the processor idle.
   *
   * @param layouts of source, weights, bias and result
   * @param w the weights, F x C x HH x WW
   */
  long forward(long[] layouts, INDArray w, long[] padAfter, long attributes, Descs descs) {
    Library.Maker maker = maker(Primitive.INFERENCE, layouts, padAfter, attributes);
    return small(w) ? descs.direct(maker) : descs.primitive(maker, overrun(w.size(1)));
  }

  private boolean small(INDArray w) {
    long window = kernel[0] * kernel[1];
    return window > 1 && w.size(1) * window <= SMALL_FILTER && !Rounding.needed(w);
  }

  /** The forward pass as the backward passes are told of it. */
  long hint(long[] layouts, long[] padAfter, long attributes, Descs descs) {
    return descs.primitive(maker(Primitive.TRAINING, layouts, padAfter, attributes));
  }

  private Library.Maker maker(int propagation, long[] layouts, long[] padAfter, long attributes) {
    return handle ->
        Library.dnnl_convolution_forward_primitive_desc_create(
            handle,
            Library.ENGINE,
            propagation,
            DIRECT,
            layouts[0],
            layouts[1],
            layouts[2],
            layouts[3],
            strides,
            gaps,
            padding,
            padAfter,
            attributes);
  }

  /**
   * @param layouts of source, weights, bias and result, or of their gradients
   * @param x the source
   * @param hint the forward pass
   */
  long backwardWeights(
      long[] layouts, INDArray x, long[] padAfter, long hint, long attributes, Descs descs) {
    return descs.primitive(
        handle ->
            Library.dnnl_convolution_backward_weights_primitive_desc_create(
                handle,
                Library.ENGINE,
                DIRECT,
                layouts[0],
                layouts[1],
                layouts[2],
                layouts[3],
                strides,
                gaps,
                padding,
                padAfter,
                hint,
                attributes),
        overrun(x.size(1)));
  }

  /**
   * The implementations of oneDNN 3.13 that write beyond their own memory: those that first gather
   * every n-th pixel do so by whole vectors of channels (seen with 4 channels on AVX2).
   */
  private Predicate<String> overrun(long channels) {
    boolean gathers = kernel[0] * kernel[1] == 1 && (strides[0] > 1 || strides[1] > 1);
    return name -> gathers && channels % VECTOR != 0 && name.startsWith("jit_1x1");
  }

  /**
   * @param layouts of source, weights, bias and result, or of their gradients; a bias has no part
   *     in it
   * @param w the weights, F x C x HH x WW
   * @param hint the forward pass
   */
  long backwardData(
      long[] layouts, INDArray w, long[] padAfter, long hint, long attributes, Descs descs) {
    return descs.primitive(
        handle ->
            Library.dnnl_convolution_backward_data_primitive_desc_create(
                handle,
                Library.ENGINE,
                DIRECT,
                layouts[0],
                layouts[1],
                layouts[3],
                strides,
                gaps,
                padding,
                padAfter,
                hint,
                attributes),
        overrun(w.size(1)));
  }
}
