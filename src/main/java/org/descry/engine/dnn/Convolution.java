package org.descry.engine.dnn;

import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Two-dimensional convolution on float32 images over channels-last memory, with its gradients. The
 * weights are brought into oneDNN's own layout in every call, which takes a hundredth of it. Not
 * thread-safe.
 */
public final class Convolution {
  private static final int FEW_CHANNELS = 4;

  private final Geometry geometry;
  private final Function function;
  private final Variants<Forward> forwards = new Variants<>();
  private final Variants<WeightsBackward> weightsBackwards = new Variants<>();
  private final Variants<DataBackward> dataBackwards = new Variants<>();

  /**
   * Size, stride, padding and dilation of the window, height first.
   *
   * @param strides between windows
   * @param padding before the first row and column
   * @param gaps pixels between two that a window looks at
   */
  public record Geometry(long[] kernel, long[] strides, long[] padding, long[] gaps) {
    private static final int DIRECT = 1;

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
     * @param layouts of source, weights, bias and result
     */
    long forward(long[] layouts, long[] padAfter, int propagation, long attributes, Descs descs) {
      return descs.primitive(
          handle ->
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
                  attributes));
    }

    /**
     * @param layouts of source, weights, bias and result, or of their gradients
     * @param hint the forward pass
     */
    long backwardWeights(long[] layouts, long[] padAfter, long hint, long attributes, Descs descs) {
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
                  attributes));
    }

    /**
     * @param layouts of source, weights, bias and result, or of their gradients; a bias has no part
     *     in it
     * @param hint the forward pass
     */
    long backwardData(long[] layouts, long[] padAfter, long hint, long attributes, Descs descs) {
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
                  attributes));
    }
  }

  /**
   * @param function what is applied to the result, by its name in libnd4j, or null for nothing
   */
  public Convolution(Geometry geometry, String function) {
    this.geometry = geometry;
    this.function = function == null ? null : Function.of(function);
  }

  private record Forward(Primitive pack, Buffer weights, Primitive convolve) {}

  private record WeightsBackward(Primitive convolve, Buffer weights, Primitive unpack) {}

  private record DataBackward(Primitive pack, Buffer weights, Primitive convolve) {}

  /**
   * Writes the convolution of x with w, plus b, into out, after the function.
   *
   * @return false where ND4J has to do it
   */
  public boolean forward(INDArray x, INDArray w, INDArray b, INDArray out) {
    if (!Dnn.on() || !fits(x, w, out)) {
      return false;
    }
    Forward forward = forwards.get(() -> forwardOf(x, w, b, out), x, w, b, out);
    if (forward == null) {
      return false;
    }
    Primitive pack = forward.pack.set(0, w).set(1, forward.weights);
    Tape.ofParameters(pack::run);
    forward.convolve.set(0, x).set(1, forward.weights).set(2, b).set(3, out).run();
    return true;
  }

  /**
   * Writes the gradients of weights and bias.
   *
   * @return false where ND4J has to do it
   */
  public boolean backwardWeights(INDArray x, INDArray dOut, INDArray dW, INDArray db) {
    if (!Dnn.on() || !fits(x, dW, dOut)) {
      return false;
    }
    WeightsBackward backward =
        weightsBackwards.get(() -> weightsBackwardOf(x, dOut, dW, db), x, dOut, dW, db);
    if (backward == null) {
      return false;
    }
    backward.convolve.set(0, x).set(1, dOut).set(2, backward.weights).set(3, db).run();
    backward.unpack.set(0, backward.weights).set(1, dW).run();
    return true;
  }

  /**
   * Writes the gradient of the input.
   *
   * @return false where ND4J has to do it
   */
  public boolean backwardData(INDArray dOut, INDArray w, INDArray dX) {
    if (!Dnn.on() || !fits(dX, w, dOut)) {
      return false;
    }
    DataBackward backward = dataBackwards.get(() -> dataBackwardOf(dOut, w, dX), dOut, w, dX);
    if (backward == null) {
      return false;
    }
    backward.pack.set(0, w).set(1, backward.weights).run();
    backward.convolve.set(0, dOut).set(1, backward.weights).set(2, dX).run();
    return true;
  }

  static boolean fits(INDArray x, INDArray w, INDArray out) {
    return Memories.channelsLast(x) && Memories.rowMajor(w) && Memories.channelsLast(out);
  }

  /** The layout of images N x C x H x W over channels-last memory. */
  static long images(INDArray array, Descs descs) {
    return descs.channelsLast(array.size(0), array.size(1), array.size(2), array.size(3));
  }

  /** The matrix unit is slower than the vectors at images of so few channels. */
  static void rounded(Attributes attributes, INDArray x) {
    if (x.size(1) > FEW_CHANNELS) {
      attributes.rounded();
    }
  }

  /**
   * The operations that a pass takes.
   *
   * @param out N x F x OH x OW, in whatever order
   */
  static long work(INDArray w, INDArray out) {
    return 2 * w.length() * out.length() / w.size(0);
  }

  private Forward forwardOf(INDArray x, INDArray w, INDArray b, INDArray out) {
    try (Descs descs = new Descs(work(w, out));
        Attributes attributes = new Attributes()) {
      rounded(attributes, x);
      if (function != null) {
        attributes.apply(function);
      }
      long source = images(x, descs);
      long bias = descs.rowMajor(b.length());
      long result = images(out, descs);
      long[] layouts = {source, descs.any(w.shape()), bias, result};
      long[] padAfter = geometry.padAfter(x, out);
      long desc =
          geometry.forward(layouts, padAfter, Primitive.INFERENCE, attributes.handle(), descs);
      long packed = Descs.query(desc, Descs.WEIGHTS);
      return new Forward(
          descs.reorder(descs.rowMajor(w.shape()), packed),
          new Buffer(packed),
          descs.call(
              desc,
              new int[] {Primitive.SOURCE, Primitive.WEIGHTS, Primitive.BIAS, Primitive.OUT},
              source,
              packed,
              bias,
              result));
    }
  }

  private WeightsBackward weightsBackwardOf(INDArray x, INDArray dOut, INDArray dW, INDArray db) {
    try (Descs descs = new Descs(work(dW, dOut));
        Attributes attributes = new Attributes()) {
      long rounding = attributes.rounded().handle();
      long source = images(x, descs);
      long bias = descs.rowMajor(db.length());
      long gradient = images(dOut, descs);
      long[] layouts = {source, descs.any(dW.shape()), bias, gradient};
      long[] padAfter = geometry.padAfter(x, dOut);
      long hint = geometry.forward(layouts, padAfter, Primitive.TRAINING, rounding, descs);
      long desc = geometry.backwardWeights(layouts, padAfter, hint, rounding, descs);
      long packed = Descs.query(desc, Descs.WEIGHTS_GRADIENT);
      return new WeightsBackward(
          descs.call(desc, Geometry.OF_WEIGHTS, source, gradient, packed, bias),
          new Buffer(packed),
          descs.reorder(packed, descs.rowMajor(dW.shape())));
    }
  }

  private DataBackward dataBackwardOf(INDArray dOut, INDArray w, INDArray dX) {
    try (Descs descs = new Descs(work(w, dOut));
        Attributes attributes = new Attributes()) {
      long rounding = attributes.rounded().handle();
      long source = images(dX, descs);
      long gradient = images(dOut, descs);
      long[] layouts = {source, descs.any(w.shape()), 0, gradient};
      long[] padAfter = geometry.padAfter(dX, dOut);
      long hint = geometry.forward(layouts, padAfter, Primitive.TRAINING, rounding, descs);
      long desc = geometry.backwardData(layouts, padAfter, hint, rounding, descs);
      long packed = Descs.query(desc, Descs.WEIGHTS);
      return new DataBackward(
          descs.reorder(descs.rowMajor(w.shape()), packed),
          new Buffer(packed),
          descs.call(
              desc,
              new int[] {Primitive.OUT_GRADIENT, Primitive.WEIGHTS, Primitive.SOURCE_GRADIENT},
              gradient,
              packed,
              source));
    }
  }
}
