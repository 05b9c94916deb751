package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Which convolutions round what they multiply in {@link Precision#BFLOAT16}, by shapes alone. */
public final class RoundingRule {
  /** From so many channels on the matrix unit is busy with any filter. */
  private static final long MANY_CHANNELS = 5;

  /** Of so many, with filters of so many weights: colours, and windows of 5 x 5. */
  private static final long COLOURS = 3;

  private static final long MANY_WEIGHTS = 64;

  /** Pixels a row from which the matrix unit is busy enough. */
  private static final long WIDE = 14;

  /** As long and as many: the primitives that an emulation rounds for share nothing. */
  private static final int COPIES = 4;

  private RoundingRule() {}

  /**
   * Whether what is multiplied is rounded: the matrix unit is slower than the vectors at images of
   * few channels with small filters.
   *
   * @param w F x C x HH x WW
   */
  static boolean rounds(INDArray w) {
    return Precision.current() == Precision.BFLOAT16
        && worthRounding(w.size(1), w.size(2) * w.size(3));
  }

  /** Whether that is done in memory, before a primitive sees it. */
  static boolean roundsInMemory(INDArray w) {
    return rounds(w) && !Precision.emulated();
  }

  private static boolean worthRounding(long channels, long window) {
    return channels >= MANY_CHANNELS || channels >= COLOURS && channels * window >= MANY_WEIGHTS;
  }

  /**
   * Bytes that both passes round an image into, at least.
   *
   * @param x C x H x W
   * @param out F x OH x OW
   */
  public static long bytes(Geometry geometry, long[] x, long[] out) {
    long stride = geometry.strides()[1];
    long padding = geometry.padding()[1];
    if (!worthRounding(x[0], geometry.kernel()[0] * geometry.kernel()[1])) {
      return 0;
    }
    double bytes = Rounding.bytes(x, 0) + Rounding.bytes(out, 0);
    if (Precision.emulated()) {
      return (long) (COPIES * bytes);
    }
    if (wide(x[2], out[2], stride)) {
      bytes += Rounding.bytes(x, padding) + Rounding.bytes(out, padding);
    }
    return (long) bytes;
  }

  /** Whether what was rounded in memory is to stand side by side for the weights' gradient. */
  static boolean wide(INDArray x, INDArray w, INDArray dOut, Geometry geometry) {
    return roundsInMemory(w) && wide(x.size(3), dOut.size(3), geometry.strides()[1]);
  }

  private static boolean wide(long width, long outWidth, long stride) {
    return width < WIDE && stride == 1 && width == outWidth;
  }
}
