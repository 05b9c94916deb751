package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradients of weights and bias of a convolution that is max-pooled, on float32 images of few
 * channels, where nobody needs the images' own gradient. oneDNN is faster at it when images lie
 * plane by plane and the gradient in blocks of channels; the pooled gradient, a few times smaller
 * than the other, is brought into that layout before it is spread. Not thread-safe.
 */
public final class PooledGradient {
  /** With more channels the layouts are equally fast. */
  private static final int MOST_CHANNELS = 4;

  private final Geometry geometry;
  private final MaxPooling pooling;
  private final Variants<Passes> variants = new Variants<>();

  public PooledGradient(Geometry geometry, MaxPooling pooling) {
    this.geometry = geometry;
    this.pooling = pooling;
  }

  /** A change of layout and what it gives. */
  private record Arranged(Primitive reorder, Buffer to) {
    static Arranged of(long from, long to, Descs descs) {
      return new Arranged(descs.reorder(from, to), Buffer.of(to));
    }

    Buffer run(INDArray array) {
      reorder.set(0, array).set(1, to).run();
      return to;
    }
  }

  private record Passes(
      Arranged images,
      Arranged gradient,
      Arranged places,
      Primitive spread,
      Buffer spreadGradient,
      Primitive convolve,
      Buffer weights,
      Primitive unpack) {
    void run(INDArray x, INDArray dPooled, INDArray at, INDArray dW, INDArray db) {
      spread.set(0, gradient.run(dPooled)).set(1, spreadGradient).set(2, places.run(at)).run();
      convolve.set(0, images.run(x)).set(1, spreadGradient).set(2, weights).set(3, db).run();
      unpack.set(0, weights).set(1, dW).run();
    }
  }

  /**
   * @param x N x C x H x W
   * @param convolved what was pooled, N x OH x OW x F; only its shape counts
   * @param dPooled its pooled gradient, with as many channels last
   * @param places where the maxima stood, see {@link MaxPooling#forward}
   * @return false where it has to be done in two steps
   */
  public boolean run(
      INDArray x, INDArray convolved, INDArray dPooled, INDArray places, INDArray dW, INDArray db) {
    if (!Dnn.on() || x.size(1) > MOST_CHANNELS || !Memories.rowMajor(dPooled)) {
      return false;
    }
    Passes passes =
        variants.get(() -> make(x, convolved, dPooled, dW, db), x, convolved, dPooled, dW, db);
    if (passes == null) {
      return false;
    }
    passes.run(x, dPooled, places, dW, db);
    return true;
  }

  private Passes make(INDArray x, INDArray convolved, INDArray dPooled, INDArray dW, INDArray db) {
    if (!Memories.rowMajor(dW) || Rounding.needed(dW)) {
      throw DnnException.unsupported();
    }
    try (Descs descs = new Descs(Convolution.work(dW, convolved))) {
      INDArray out = convolved.permute(0, 3, 1, 2);
      long planes = descs.rowMajor(x.shape());
      long bias = descs.rowMajor(db.length());
      long[] layouts = {planes, descs.any(dW.shape()), bias, descs.any(out.shape())};
      long[] padAfter = geometry.padAfter(x, out);
      long forward = geometry.hint(layouts, padAfter, 0, descs);
      long backward = geometry.backwardWeights(layouts, x, padAfter, forward, 0, descs);
      long spread = Descs.query(backward, Descs.OUT_GRADIENT);
      long weights = Descs.query(backward, Descs.WEIGHTS_GRADIENT);
      long last = MaxPooling.images(convolved, descs);
      if (Library.dnnl_memory_desc_equal(spread, last) != 0) {
        throw DnnException.unsupported(); // nothing is won
      }
      long[] reach = pooling.padAfter(convolved, dPooled);
      long pooledLast = MaxPooling.images(dPooled, descs);
      long any = descs.any(dPooled.permute(0, 3, 1, 2).shape());
      long lastPool = pooling.forward(Primitive.TRAINING, last, pooledLast, reach, descs);
      long pool = pooling.forward(Primitive.TRAINING, spread, any, reach, descs);
      long pooled = Descs.query(pool, Descs.OUT);
      long unpool = pooling.backward(spread, pooled, reach, pool, descs);
      long places = Descs.query(pool, Descs.WORKSPACE);
      return new Passes(
          Arranged.of(descs.of(x), planes, descs),
          Arranged.of(pooledLast, pooled, descs),
          Arranged.of(Descs.query(lastPool, Descs.WORKSPACE), places, descs),
          descs.call(unpool, MaxPooling.BACKWARD, pooled, spread, places),
          Buffer.of(spread),
          descs.call(backward, Geometry.OF_WEIGHTS, planes, spread, weights, bias),
          Buffer.of(weights),
          descs.reorder(weights, descs.rowMajor(dW.shape())));
    }
  }
}
