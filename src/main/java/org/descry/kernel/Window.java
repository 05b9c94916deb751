package org.descry.kernel;

/**
 * The sliding window of a convolution or a pooling: its size, stride and zero padding, in pixels.
 *
 * <p>An input of H x W gives (1 + (H + 2 padHeight - height) / strideHeight) x (1 + (W + 2 padWidth
 * - width) / strideWidth), rounded down: what the window does not reach at the far edge is left
 * out.
 */
public record Window(
    int height, int width, int strideHeight, int strideWidth, int padHeight, int padWidth) {
  public Window {
    if (height < 1
        || width < 1
        || strideHeight < 1
        || strideWidth < 1
        || padHeight < 0
        || padWidth < 0) {
      throw new IllegalArgumentException(
          "expected a window of at least 1 x 1, strides of at least 1 and paddings of at least 0,"
              + " got "
              + "size %s x %s, strides %s x %s, paddings %s x %s"
                  .formatted(height, width, strideHeight, strideWidth, padHeight, padWidth));
    }
  }

  /** A square window that moves by one pixel and keeps the size of its input (for an odd size). */
  public static Window same(int size) {
    return new Window(size, size, 1, 1, (size - 1) / 2, (size - 1) / 2);
  }

  /** A square window beside its neighbours: stride = size, no padding. */
  public static Window tiling(int size) {
    return new Window(size, size, size, size, 0, 0);
  }

  /** The output's height for an input of this height; throws where the window does not fit. */
  public long outHeight(long inHeight) {
    return out("height", inHeight, height, strideHeight, padHeight);
  }

  /** The output's width for an input of this width; throws where the window does not fit. */
  public long outWidth(long inWidth) {
    return out("width", inWidth, width, strideWidth, padWidth);
  }

  private static long out(String side, long in, int size, int stride, int pad) {
    if (in + 2L * pad < size) {
      throw new IllegalArgumentException(
          "expected an input %s of at least %s for a window of %s with padding %s, got %s"
              .formatted(side, size - 2L * pad, size, pad, in));
    }
    return 1 + (in + 2L * pad - size) / stride;
  }
}
