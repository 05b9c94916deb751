package org.descry.engine.dnn;

import org.apache.commons.lang3.ArrayUtils;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Two-dimensional convolution on float32 images over channels-last memory, with its gradients. The
 * weights are brought into oneDNN's own layout in every call, which takes a hundredth of it. In
 * {@link Precision#BFLOAT16} images and weights are rounded before they are multiplied, and what is
 * added up stays float32. Not thread-safe.
 */
public final class Convolution {
  /**
   * Up to so many threads leave the matrix unit's sum over a batch to one: several spin in turns
   * until the others are as far, which takes many times as long as the sum where anything else
   * runs.
   */
  private static final int FEW_THREADS = 2;

  private final Geometry geometry;
  private final Function function;
  private final Variants<Forward> forwards = new Variants<>();
  private final Variants<Backward> backwards = new Variants<>();

  /** What the latest forward pass rounded, and where: the next one writes the same memory. */
  private INDArray roundedImages;

  private Rounding roundedAt;

  /**
   * @param function what is applied to the result, by its name in libnd4j, or null for nothing
   */
  public Convolution(Geometry geometry, String function) {
    this.geometry = geometry;
    this.function = function == null ? null : Function.of(function);
  }

  /** Images that are multiplied, rounded before unless the rounding is null. */
  private record Factor(Rounding rounding, long layout) {
    /**
     * @param before where they are rounded already, or null
     */
    void set(Primitive convolve, int argument, INDArray images, Rounding before) {
      if (rounding == null) {
        convolve.set(argument, images);
      } else {
        convolve.set(argument, rounding.of(images, before));
      }
    }
  }

  private record Forward(Factor x, Primitive pack, Buffer weights, Primitive convolve) {}

  /**
   * @param toData null where nobody needs it
   */
  private record Backward(WeightsBackward toWeights, DataBackward toData) {}

  private record WeightsBackward(
      Factor x, Factor dOut, Primitive convolve, Buffer weights, Primitive unpack) {}

  private record DataBackward(Factor dOut, Primitive pack, Buffer weights, Primitive convolve) {}

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
    forward.x.set(forward.convolve, 0, x, null);
    roundedAt = forward.x.rounding;
    roundedImages = roundedAt == null ? null : x;
    forward.convolve.set(1, forward.weights).set(2, b).set(3, out).run();
    return true;
  }

  /**
   * Writes the gradients of weights, bias and input.
   *
   * @param dX null where nobody needs it
   * @return false where ND4J has to do it
   */
  public boolean backward(
      INDArray x, INDArray w, INDArray dOut, INDArray dW, INDArray db, INDArray dX) {
    boolean fits = fits(x, dW, dOut) && (dX == null || fits(dX, w, dOut));
    if (!Dnn.on() || !fits) {
      return false;
    }
    INDArray[] arrays = {x, w, dOut, dW, db};
    INDArray[] all = dX == null ? arrays : ArrayUtils.add(arrays, dX);
    Backward backward = backwards.get(() -> backwardOf(x, w, dOut, dW, db, dX), all);
    if (backward == null) {
      return false;
    }
    WeightsBackward toWeights = backward.toWeights;
    DataBackward toData = backward.toData;
    Rounding gradient = null;
    if (toData != null) {
      toData.pack.set(0, w).set(1, toData.weights).run();
      toData.dOut.set(toData.convolve, 0, dOut, null);
      toData.convolve.set(1, toData.weights).set(2, dX).run();
      gradient = toData.dOut.rounding;
    }
    toWeights.x.set(toWeights.convolve, 0, x, x == roundedImages ? roundedAt : null);
    toWeights.dOut.set(toWeights.convolve, 1, dOut, gradient);
    toWeights.convolve.set(2, toWeights.weights).set(3, db).run();
    toWeights.unpack.set(0, toWeights.weights).set(1, dW).run();
    return true;
  }

  static boolean fits(INDArray x, INDArray w, INDArray out) {
    return Memories.channelsLast(x) && Memories.rowMajor(w) && Memories.channelsLast(out);
  }

  /** The layout of images N x C x H x W over channels-last memory. */
  static long images(INDArray array, Descs descs) {
    return descs.channelsLast(array.size(0), array.size(1), array.size(2), array.size(3));
  }

  /** The call of a convolution, whose first two arguments are what is multiplied. */
  private static Primitive call(INDArray w, long desc, int[] ids, Descs descs, long... layouts) {
    Primitive call = descs.call(desc, ids, layouts);
    return Rounding.needed(w) && Precision.emulated() ? call.roundingFactors() : call;
  }

  private static Factor factor(boolean rounds, INDArray images, Descs descs) {
    Rounding rounding = rounds ? Rounding.of(images) : null;
    return new Factor(rounding, rounds ? rounding.layout(descs) : images(images, descs));
  }

  /** Of the weights' gradient, which is a sum along rows. */
  private Factor wideFactor(INDArray images, long[] padAfter, Descs descs) {
    long padding = Math.max(geometry.padding()[1], padAfter[1]);
    Rounding rounding = Rounding.sideBySide(images, padding);
    return new Factor(rounding, rounding.layout(descs));
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
      if (function != null) {
        attributes.apply(function);
      }
      boolean rounds = Rounding.inMemory(w);
      Factor source = factor(rounds, x, descs);
      long bias = descs.rowMajor(b.length());
      long result = images(out, descs);
      long[] layouts = {source.layout, weights(w, rounds, descs), bias, result};
      long[] padAfter = geometry.padAfter(x, out);
      long desc = geometry.forward(layouts, w, padAfter, attributes.handle(), descs);
      long packed = Descs.query(desc, Descs.WEIGHTS);
      return new Forward(
          source,
          descs.reorder(descs.rowMajor(w.shape()), packed),
          Buffer.of(packed),
          call(
              w,
              desc,
              new int[] {Primitive.SOURCE, Primitive.WEIGHTS, Primitive.BIAS, Primitive.OUT},
              descs,
              source.layout,
              packed,
              bias,
              result));
    }
  }

  private static long weights(INDArray w, boolean rounds, Descs descs) {
    return descs.any(rounds ? Descs.BFLOAT16 : Descs.FLOAT32, w.shape());
  }

  private Backward backwardOf(
      INDArray x, INDArray w, INDArray dOut, INDArray dW, INDArray db, INDArray dX) {
    try (Descs descs = new Descs(work(dW, dOut));
        Attributes plain = new Attributes()) {
      boolean rounds = Rounding.inMemory(w);
      long attributes = plain.handle();
      long bias = descs.rowMajor(db.length());
      long[] padAfter = geometry.padAfter(x, dOut);
      WeightsBackward toWeights = toWeights(x, dOut, dW, bias, padAfter, attributes);
      if (dX == null) {
        return new Backward(toWeights, null);
      }
      Factor gradient = factor(rounds, dOut, descs);
      long[] forward = {images(dX, descs), weights(w, rounds, descs), bias, gradient.layout};
      long hint = geometry.hint(forward, padAfter, attributes, descs);
      long desc = geometry.backwardData(forward, w, padAfter, hint, attributes, descs);
      long packed = Descs.query(desc, Descs.WEIGHTS);
      return new Backward(
          toWeights,
          new DataBackward(
              gradient,
              descs.reorder(descs.rowMajor(w.shape()), packed),
              Buffer.of(packed),
              call(
                  w,
                  desc,
                  new int[] {Primitive.OUT_GRADIENT, Primitive.WEIGHTS, Primitive.SOURCE_GRADIENT},
                  descs,
                  gradient.layout,
                  packed,
                  forward[0])));
    }
  }

  private WeightsBackward toWeights(
      INDArray x, INDArray dOut, INDArray dW, long bias, long[] padAfter, long attributes) {
    boolean rounds = Rounding.inMemory(dW);
    boolean alone = Rounding.needed(dW) && Team.size() <= FEW_THREADS;
    try (Descs descs = new Descs(alone ? 0 : work(dW, dOut))) {
      boolean wide = Rounding.wide(x, dW, dOut, geometry);
      Factor source = wide ? wideFactor(x, padAfter, descs) : factor(rounds, x, descs);
      Factor gradient = wide ? wideFactor(dOut, padAfter, descs) : factor(rounds, dOut, descs);
      long[] forward = {source.layout, weights(dW, rounds, descs), bias, gradient.layout};
      long hint = geometry.hint(forward, padAfter, attributes, descs);
      long[] layouts = {source.layout, descs.any(dW.shape()), bias, gradient.layout};
      long desc = geometry.backwardWeights(layouts, x, padAfter, hint, attributes, descs);
      long packed = Descs.query(desc, Descs.WEIGHTS_GRADIENT);
      return new WeightsBackward(
          source,
          gradient,
          call(dW, desc, Geometry.OF_WEIGHTS, descs, source.layout, gradient.layout, packed, bias),
          Buffer.of(packed),
          descs.reorder(packed, descs.rowMajor(dW.shape())));
    }
  }
}
