package org.descry.kernel;

/**
 * The sliding window of a convolution or a pooling: its size, stride, zero padding and dilation, in
 * pixels. A dilation of d leaves d - 1 pixels between those that the window looks at, so that it
 * reaches over (size - 1) d + 1.
 *
 * <p>An input of H x W gives (1 + (H + 2 padHeight - reachHeight) / strideHeight) x (1 + (W + 2
 * padWidth - reachWidth) / strideWidth), rounded down: what the window does not reach at the far
 * edge is left out.
 */
public record Window(
    int height,
    int width,
    int strideHeight,
    int strideWidth,
    int padHeight,
    int padWidth,
    int dilationHeight,
    int dilationWidth) {
  public Window {
    if (height < 1
        || width < 1
        || strideHeight < 1
        || strideWidth < 1
        || padHeight < 0
        || padWidth < 0
        || dilationHeight < 1
        || dilationWidth < 1) {
      throw new IllegalArgumentException(
          ("expected a window of at least 1 x 1, strides and dilations of at least 1 and paddings"
               + " of at least 0, got size %s x %s, strides %s x %s, paddings %s x %s, dilations %s"
               + " x %s")
              .formatted(
                  height,
                  width,
                  strideHeight,
                  strideWidth,
                  padHeight,
                  padWidth,
                  dilationHeight,
                  dilationWidth));
    }
  }

  /** Without dilation. */
  public Window(
      int height, int width, int strideHeight, int strideWidth, int padHeight, int padWidth) {
    this(height, width, strideHeight, strideWidth, padHeight, padWidth, 1, 1);
  }

  /** A square window that moves by one pixel and keeps the size of its input (for an odd size). */
  public static Window same(int size) {
    return new Window(size, size, 1, 1, (size - 1) / 2, (size - 1) / 2);
  }

  /** A square window beside its neighbours: stride = size, no padding. */
  public static Window tiling(int size) {
    return new Window(size, size, size, size, 0, 0);
  }

  /** Whether there are pixels in its reach that it does not look at. */
  public boolean dilated() {
    return dilationHeight > 1 || dilationWidth > 1;
  }

  /** The window that looks at all pixels in its reach. */
  Window undilated() {
    return new Window(reachHeight(), reachWidth(), strideHeight, strideWidth, padHeight, padWidth);
  }

  /** The rows from the first to the last that the window looks at. */
  public int reachHeight() {
    return (height - 1) * dilationHeight + 1;
  }

  /** The columns from the first to the last that the window looks at. */
  public int reachWidth() {
    return (width - 1) * dilationWidth + 1;
  }

  /** The output's height for an input of this height; throws where the window does not fit. */
  public long outHeight(long inHeight) {
    return out("height", inHeight, reachHeight(), strideHeight, padHeight);
  }

  /** The output's width for an input of this width; throws where the window does not fit. */
  public long outWidth(long inWidth) {
    return out("width", inWidth, reachWidth(), strideWidth, padWidth);
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
