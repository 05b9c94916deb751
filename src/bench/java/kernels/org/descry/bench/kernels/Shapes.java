package org.descry.bench.kernels;

import org.descry.kernel.Window;

/** Windows, and their form as integer arguments of ND4J's operations on N x C x H x W. */
final class Shapes {
  static final int[] NONE = {};
  static final Window POOL = Window.tiling(2);

  private Shapes() {}

  /** Arguments of conv2d and conv2d_bp for filters F x C x HH x WW. */
  static int[] convolution(Window w) {
    int channelsFirst = 0;
    int filtersFirst = 1;
    return window(w, channelsFirst, filtersFirst);
  }

  /** Arguments of maxpool2d and maxpool2d_bp. */
  static int[] pool(Window w) {
    int unused = 0;
    int channelsFirst = 0;
    return window(w, unused, channelsFirst);
  }

  private static int[] window(Window w, int ninth, int tenth) {
    int dilation = 1;
    int explicitPadding = 0;
    return new int[] {
      w.height(),
      w.width(),
      w.strideHeight(),
      w.strideWidth(),
      w.padHeight(),
      w.padWidth(),
      dilation,
      dilation,
      explicitPadding,
      ninth,
      tenth
    };
  }
}
