package org.descry.engine.dnn;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Images rounded to bfloat16 in memory of its own. The processor's matrix unit takes them several
 * times as fast as float32, which each primitive would round anew wherever its window meets them.
 * Which convolutions are rounded for is a rule on shapes alone.
 */
public final class Rounding {
  /** Rows of fewer pixels leave the matrix unit idle where it adds up along them. */
  private static final long LEAST_WIDTH = 64;

  /** From so many channels on the matrix unit is busy with any filter. */
  private static final long MANY_CHANNELS = 5;

  /** Of so many, with filters of so many weights: colours, and windows of 5 x 5. */
  private static final long COLOURS = 3;

  private static final long MANY_WEIGHTS = 64;

  /** Pixels a row from which the matrix unit is busy enough. */
  private static final long WIDE = 14;

  /** An emulation's are twice as long and twice as many: no primitive shares them. */
  private static final int COPIES = 4;

  private final long[] shape;
  private final Primitive round;
  private final Primitive move;
  private final long bytes;

  /** Null until something is rounded here: what has been rounded elsewhere needs no memory. */
  private Buffer rounded;

  /** One after another, as they are. */
  static Rounding of(INDArray images) {
    return new Rounding(images, 1, 0);
  }

  /**
   * Several side by side, with columns of zeros between them: to a convolution that pads by as much
   * they are one wide image.
   */
  static Rounding sideBySide(INDArray images, long padding) {
    long all = images.size(0);
    long together = 1;
    for (long i = 1; i <= all && together * (images.size(3) + padding) < LEAST_WIDTH; i++) {
      together = all % i == 0 ? i : together;
    }
    return new Rounding(images, together, padding);
  }

  /**
   * @param images N x C x H x W over channels-last memory
   * @param together how many stand side by side, a divisor of N
   * @param between columns after each
   */
  private Rounding(INDArray images, long together, long between) {
    long c = images.size(1);
    long h = images.size(2);
    long w = images.size(3);
    long groups = images.size(0) / together;
    long row = together * (w + between) * c;
    shape = new long[] {groups, c, h, row / c};
    try (Descs descs = new Descs(images.length())) {
      long[] dims = {groups, together, c, h, w};
      long[] dense = {together * h * w * c, h * w * c, 1, w * c, c};
      long from = descs.of(dims, dense);
      long[] strides = {h * row, (w + between) * c, 1, row, c};
      long to = descs.of(Descs.BFLOAT16, dims, strides);
      round = descs.reorder(from, to);
      move = descs.reorder(descs.of(Descs.BFLOAT16, dims, dense), to);
      bytes = Library.dnnl_memory_desc_get_size(layout(descs));
    }
  }

  /** Of an image C x H x W, with columns after it; of any size, hence no integer. */
  static double bytes(long[] image, long between) {
    return (double) Short.BYTES * image[0] * image[1] * (image[2] + between);
  }

  /** What a primitive reads. */
  long layout(Descs descs) {
    return descs.channelsLast(Descs.BFLOAT16, shape[0], shape[1], shape[2], shape[3]);
  }

  /**
   * The images rounded, in memory that the next call may write.
   *
   * @param before where they are rounded already, one after another; null for nowhere
   */
  Buffer of(INDArray images, Rounding before) {
    if (before != null && Arrays.equals(shape, before.shape)) {
      return before.rounded;
    }
    if (rounded == null) {
      rounded = new Buffer(bytes);
    }
    if (before == null) {
      round.set(0, images).set(1, rounded).run();
    } else {
      move.set(0, before.rounded).set(1, rounded).run();
    }
    return rounded;
  }

  /**
   * Whether what is multiplied is rounded: the matrix unit is slower than the vectors at images of
   * few channels with small filters.
   *
   * @param w F x C x HH x WW
   */
  static boolean needed(INDArray w) {
    return Precision.current() == Precision.BFLOAT16
        && worthRounding(w.size(1), w.size(2) * w.size(3));
  }

  /** Whether that is done in memory, before a primitive sees it. */
  static boolean inMemory(INDArray w) {
    return needed(w) && !Precision.emulated();
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
    double bytes = bytes(x, 0) + bytes(out, 0);
    if (Precision.emulated()) {
      return (long) (COPIES * bytes);
    }
    if (wide(x[2], out[2], stride)) {
      bytes += bytes(x, padding) + bytes(out, padding);
    }
    return (long) bytes;
  }

  /** Whether what was rounded in memory is to stand side by side for the weights' gradient. */
  static boolean wide(INDArray x, INDArray w, INDArray dOut, Geometry geometry) {
    return inMemory(w) && wide(x.size(3), dOut.size(3), geometry.strides()[1]);
  }

  private static boolean wide(long width, long outWidth, long stride) {
    return width < WIDE && stride == 1 && width == outWidth;
  }
}
