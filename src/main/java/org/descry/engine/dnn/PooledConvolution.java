package org.descry.engine.dnn;

import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution of float32 images that is max-pooled, a few images at a time: what is convolved is
 * pooled before it leaves the processor's cache, and only that much memory is taken for it. Not
 * thread-safe.
 */
public final class PooledConvolution {
  /** Of what is convolved, so much stays near a core: half of a usual second-level cache. */
  private static final long BYTES_A_THREAD = 1 << 19;

  private final Geometry geometry;
  private final Function function;
  private final MaxPooling pooling;
  private final Variants<Passes> training = new Variants<>();
  private final Variants<Passes> answering = new Variants<>();

  /**
   * @param function what is applied to the convolution, by its name in libnd4j, or null for nothing
   */
  public PooledConvolution(Geometry geometry, String function, MaxPooling pooling) {
    this.geometry = geometry;
    this.function = function == null ? null : Function.of(function);
    this.pooling = pooling;
  }

  /** What is done to a number of images. */
  private record Part(Primitive convolve, Primitive pool) {}

  /**
   * @param images in a part; the last part may have fewer
   * @param rest does the last part
   * @param places bytes of an image
   */
  private record Passes(
      Primitive pack, Buffer weights, long images, Part part, Part rest, long places) {
    void run(INDArray x, INDArray w, INDArray b, INDArray convolved, INDArray out, INDArray at) {
      Primitive packing = pack.set(0, w).set(1, weights);
      Tape.ofParameters(packing::run);
      long all = x.size(0);
      for (long i = 0; i < all; i += images) {
        Part now = all - i < images ? rest : part;
        now.convolve.set(0, x, i * x.stride(0)).set(1, weights).set(2, b).set(3, convolved).run();
        now.pool.set(0, convolved).set(1, out, i * out.stride(0));
        if (at != null) {
          now.pool.set(2, at, i * places);
        }
        now.pool.run();
      }
    }
  }

  /**
   * @param x N x C x H x W over channels-last memory
   * @param convolved N x F x OH x OW over channels-last memory, which holds nothing in particular
   *     afterwards
   * @param out receives what was pooled, N x PH x PW x F
   * @param places receives where the maxima stand, see {@link MaxPooling#forward}; null where there
   *     is no way back
   * @return false where it has to be done in two steps
   */
  public boolean run(
      INDArray x, INDArray w, INDArray b, INDArray convolved, INDArray out, INDArray places) {
    if (!Dnn.on() || !Convolution.fits(x, w, convolved) || !Memories.rowMajor(out)) {
      return false;
    }
    boolean answers = places == null;
    Passes passes =
        (answers ? answering : training)
            .get(() -> make(x, w, b, convolved, out, answers), x, w, b, convolved, out);
    if (passes == null) {
      return false;
    }
    passes.run(x, w, b, convolved, out, places);
    return true;
  }

  private Passes make(
      INDArray x, INDArray w, INDArray b, INDArray convolved, INDArray out, boolean answers) {
    if (Rounding.needed(w)) {
      throw DnnException.unsupported(); // to round all images at once is faster
    }
    long all = x.size(0);
    long bytes = Float.BYTES * convolved.length() / all;
    long most = Math.max(1, Team.size() * BYTES_A_THREAD / bytes);
    long calls = (all + most - 1) / most;
    if (calls == 1) {
      throw DnnException.unsupported(); // nothing is won
    }
    long images = (all + calls - 1) / calls;
    long left = all % images;
    try (Descs descs = new Descs(Convolution.work(w, convolved) / calls)) {
      Maker maker = new Maker(x, w, b, convolved, out.permute(0, 3, 1, 2), answers, descs);
      long desc = maker.convolution(images, descs.any(w.shape()));
      long packed = Descs.query(desc, Descs.WEIGHTS);
      Part part = maker.part(images, desc, packed);
      Part rest = left == 0 ? part : maker.part(left, maker.convolution(left, packed), packed);
      return new Passes(
          descs.reorder(descs.rowMajor(w.shape()), packed),
          Buffer.of(packed),
          images,
          part,
          rest,
          out.length() / all);
    }
  }

  /** Makes the calls for a number of images; arrays as N x C x H x W. */
  private final class Maker {
    private final INDArray x;
    private final INDArray w;
    private final INDArray convolved;
    private final INDArray out;
    private final boolean answers;
    private final Descs descs;
    private final long bias;

    Maker(
        INDArray x,
        INDArray w,
        INDArray b,
        INDArray convolved,
        INDArray out,
        boolean answers,
        Descs descs) {
      this.x = x;
      this.w = w;
      this.convolved = convolved;
      this.out = out;
      this.answers = answers;
      this.descs = descs;
      bias = descs.rowMajor(b.length());
    }

    private long some(long images, INDArray of) {
      return descs.channelsLast(images, of.size(1), of.size(2), of.size(3));
    }

    long convolution(long images, long weights) {
      try (Attributes attributes = new Attributes()) {
        if (function != null) {
          attributes.apply(function);
        }
        long[] layouts = {some(images, x), weights, bias, some(images, convolved)};
        long[] padAfter = geometry.padAfter(x, convolved);
        return geometry.forward(layouts, w, padAfter, attributes.handle(), descs);
      }
    }

    Part part(long images, long convolution, long weights) {
      long between = some(images, convolved);
      long pooled = some(images, out);
      long[] padAfter = pooling.padAfter(convolved.permute(0, 2, 3, 1), out.permute(0, 2, 3, 1));
      int propagation = answers ? Primitive.INFERENCE : Primitive.TRAINING;
      long pool = pooling.forward(propagation, between, pooled, padAfter, descs);
      return new Part(
          descs.call(
              convolution,
              new int[] {Primitive.SOURCE, Primitive.WEIGHTS, Primitive.BIAS, Primitive.OUT},
              some(images, x),
              weights,
              bias,
              between),
          answers
              ? descs.call(pool, new int[] {Primitive.SOURCE, Primitive.OUT}, between, pooled)
              : descs.call(
                  pool,
                  new int[] {Primitive.SOURCE, Primitive.OUT, Primitive.WORKSPACE},
                  between,
                  pooled,
                  Descs.query(pool, Descs.WORKSPACE)));
    }
  }
}
