package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.dnn.Convolution;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.dnn.Geometry;
import org.descry.engine.dnn.Rounding;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Two-dimensional convolution (cross-correlation, as the field has it): {@code out[n,f,i,j] = b[f]
 * + sum over c,p,q of x[n,c,i s + p d - pad, j s + q d - pad] W[f,c,p,q]} with stride s and
 * dilation d.
 *
 * <p>Shapes: x is N x C x H x W in any strides (fastest over N x H x W x C memory), W is F x C x HH
 * x WW, b is F, out is N x F x OH x OW seen through channels-last memory. Types: all FLOAT or all
 * DOUBLE.
 *
 * <p>Backward: {@code db = sum of dOut over n,i,j; dW[f,c,p,q] = sum over n,i,j of dOut[n,f,i,j]
 * x[n,c,i s + p d - pad, j s + q d - pad]; dX} is the transposed convolution. Where nobody needs
 * dX, dW is computed alone: the sum is itself a convolution of the images (channels as the batch,
 * the batch as channels) with dOut as its filters. ND4J refuses dilated float32 convolutions; where
 * oneDNN is not called directly they are done with zeros between the weights.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class Conv2d {
  private static final long CHANNELS_FIRST = 0;
  private static final long CHANNELS_LAST = 1;
  private static final long WEIGHTS_HEIGHT_WIDTH_IN_OUT = 0;
  private static final long WEIGHTS_OUT_IN_HEIGHT_WIDTH = 1;

  private final Window window;
  private final NativeOp function;
  private final Geometry geometry;
  private final Convolution fast;
  private final NativeOp conv;
  private final NativeOp convBackward;
  private final RowSum biasGradient = new RowSum();
  private final Scratch input = new Scratch();
  private final Scratch outputGradient = new Scratch();
  private final Scratch spreadGradient = new Scratch();
  private final Scratch weightGradient = new Scratch();
  private NativeOp weightConv;
  private long weightConvHeight;
  private long weightConvWidth;
  private final Conv2d undilated;
  private final Scratch spreadWeights = new Scratch();
  private final Scratch spreadWeightGradient = new Scratch();

  public Conv2d(Window window) {
    this(window, null);
  }

  /**
   * The convolution and a function of its result.
   *
   * @param function see {@link NativeOp#then}, or null for none
   */
  Conv2d(Window window, String function) {
    this.window = window;
    this.function = function == null ? null : new NativeOp(function).reals(0);
    geometry = geometry(window);
    fast = new Convolution(geometry, function);
    undilated = window.dilated() ? new Conv2d(window.undilated(), function) : null;
    conv = op("conv2d", window, CHANNELS_FIRST, WEIGHTS_OUT_IN_HEIGHT_WIDTH);
    convBackward = op("conv2d_bp", window, CHANNELS_LAST, WEIGHTS_OUT_IN_HEIGHT_WIDTH);
  }

  private static Geometry geometry(Window window) {
    return new Geometry(
        new long[] {window.height(), window.width()},
        new long[] {window.strideHeight(), window.strideWidth()},
        new long[] {window.padHeight(), window.padWidth()},
        new long[] {window.dilationHeight() - 1, window.dilationWidth() - 1});
  }

  Geometry geometry() {
    return geometry;
  }

  /**
   * Bytes that an image takes rounded for a training step in bfloat16, C x H x W as the input and
   * its result's gradient.
   */
  public static long roundedBytes(Window window, long c, long h, long w, long filters) {
    return Rounding.bytes(
        geometry(window),
        new long[] {c, h, w},
        new long[] {filters, window.outHeight(h), window.outWidth(w)});
  }

  /**
   * One of libnd4j's operations with a window; it knows no dilation.
   *
   * @param last what the operation takes behind the window
   */
  static NativeOp op(String name, Window w, long beforeLast, long last) {
    long dilation = 1;
    long explicitPadding = 0;
    return new NativeOp(
        name,
        w.height(),
        w.width(),
        w.strideHeight(),
        w.strideWidth(),
        w.padHeight(),
        w.padWidth(),
        dilation,
        dilation,
        explicitPadding,
        beforeLast,
        last);
  }

  /** What the backward pass needs. */
  public record Cache(INDArray x, INDArray w, INDArray b, INDArray out) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(INDArray images, INDArray w, INDArray b, Allocator allocator) {
    Cache cache = prepare(images, w, b, allocator);
    run(cache);
    return cache;
  }

  /** What a forward pass leaves, but for the numbers in its result. */
  Cache prepare(INDArray images, INDArray w, INDArray b, Allocator allocator) {
    Check.shape("Conv2d", "x", images, -1, -1, -1, -1);
    INDArray x = Dnn.on() ? Layout.channelsFirstView(Layout.channelsLast(images, input)) : images;
    Check.shape("Conv2d", "W", w, -1, x.size(1), window.height(), window.width());
    Check.shape("Conv2d", "b", b, w.size(0));
    Check.type("Conv2d", x, w, b);
    long outHeight = window.outHeight(x.size(2));
    long outWidth = window.outWidth(x.size(3));
    INDArray memory = allocator.create(x.dataType(), x.size(0), outHeight, outWidth, w.size(0));
    return new Cache(x, w, b, Layout.channelsFirstView(memory));
  }

  /** Does what was prepared. */
  void run(Cache cache) {
    if (fast.forward(cache.x, cache.w, cache.b, cache.out)) {
      return;
    }
    INDArray memory = cache.out.permute(0, 2, 3, 1);
    if (undilated != null) {
      undilated.forward(cache.x, spread(cache.w, true), cache.b, (type, shape) -> memory);
      return;
    }
    conv.in(cache.x, cache.w, cache.b).out(cache.out).run();
    if (function != null) {
      function.in(memory).out(memory).run();
    }
  }

  /**
   * Writes the parameters' gradients into {@code dW} and {@code db}.
   *
   * @param dOut the gradient of the convolution's result, before any function
   * @param allocator where the input's gradient goes, or null where nobody needs it
   * @return dX in the shape of x over channels-last memory, or null
   */
  public INDArray backward(
      INDArray dOut, Cache cache, INDArray dW, INDArray db, Allocator allocator) {
    Check.shape("Conv2d", "dOut", dOut, cache.out.shape());
    INDArray dOutLast = Layout.channelsLast(dOut, outputGradient);
    INDArray dX = null;
    if (allocator != null) {
      long[] shape = cache.x.permute(0, 2, 3, 1).shape();
      dX = Layout.channelsFirstView(allocator.create(cache.x.dataType(), shape));
    }
    if (fast.backward(cache.x, cache.w, Layout.channelsFirstView(dOutLast), dW, db, dX)) {
      return dX;
    }
    if (undilated != null) {
      INDArray memory = dX == null ? null : dX.permute(0, 2, 3, 1);
      dilatedBackward(dOut, cache, dW, db, memory == null ? null : (type, shape) -> memory);
    } else if (dX == null) {
      INDArray rows = Layout.reshape(dOutLast, dOutLast.length() / db.length(), db.length());
      biasGradient.run(rows, db);
      weightGradient(dOutLast, cache.x, dW);
    } else {
      INDArray x = Layout.channelsLast(cache.x, input);
      INDArray memory = dX.permute(0, 2, 3, 1);
      convBackward.in(x, cache.w, cache.b, dOutLast).out(memory, dW, db).run();
    }
    return dX;
  }

  private void dilatedBackward(
      INDArray dOut, Cache cache, INDArray dW, INDArray db, Allocator allocator) {
    Cache spread = new Cache(cache.x, spread(cache.w, true), cache.b, cache.out);
    INDArray dSpread = spread(dW, false);
    undilated.backward(dOut, spread, dSpread, db, allocator);
    dW.assign(taps(dSpread));
  }

  /** An array like the weights with zeros between them, filled or for another to fill. */
  private INDArray spread(INDArray w, boolean filled) {
    Scratch scratch = filled ? spreadWeights : spreadWeightGradient;
    INDArray spread =
        scratch.get(w.dataType(), w.size(0), w.size(1), window.reachHeight(), window.reachWidth());
    if (filled) {
      spread.assign(0);
      taps(spread).assign(w);
    }
    return spread;
  }

  private INDArray taps(INDArray spread) {
    return spread.get(
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        Layout.every(window.dilationHeight(), spread.size(2)),
        Layout.every(window.dilationWidth(), spread.size(3)));
  }

  private void weightGradient(INDArray dOutLast, INDArray x, INDArray dW) {
    INDArray filters = spread(dOutLast);
    long height = x.size(2) + 2L * window.padHeight() - filters.size(1) + 1;
    long width = x.size(3) + 2L * window.padWidth() - filters.size(2) + 1;
    INDArray product = weightGradient.get(dW.dataType(), dW.size(1), height, width, dW.size(0));
    weightConv(filters.size(1), filters.size(2))
        .in(x.permute(1, 0, 2, 3), filters.permute(1, 2, 0, 3))
        .out(Layout.channelsFirstView(product))
        .run();
    // With a stride, rows and columns that no window reaches make the product larger than the
    // filter.
    if (height > window.height() || width > window.width()) {
      product =
          product.get(
              NDArrayIndex.all(),
              NDArrayIndex.interval(0, window.height()),
              NDArrayIndex.interval(0, window.width()),
              NDArrayIndex.all());
    }
    dW.assign(product.permute(3, 0, 1, 2));
  }

  /**
   * dOut with stride - 1 zeros between its pixels, so that the weights' gradient is a convolution
   * of stride 1.
   */
  private INDArray spread(INDArray dOutLast) {
    int sh = window.strideHeight();
    int sw = window.strideWidth();
    if (sh == 1 && sw == 1) {
      return dOutLast;
    }
    long height = (dOutLast.size(1) - 1) * sh + 1;
    long width = (dOutLast.size(2) - 1) * sw + 1;
    INDArray spread =
        spreadGradient.get(dOutLast.dataType(), dOutLast.size(0), height, width, dOutLast.size(3));
    spread.assign(0);
    spread
        .get(
            NDArrayIndex.all(),
            Layout.every(sh, height),
            Layout.every(sw, width),
            NDArrayIndex.all())
        .assign(dOutLast);
    return spread;
  }

  private NativeOp weightConv(long height, long width) {
    if (weightConv == null || height != weightConvHeight || width != weightConvWidth) {
      Window asFilter =
          new Window((int) height, (int) width, 1, 1, window.padHeight(), window.padWidth());
      weightConv = op("conv2d", asFilter, CHANNELS_FIRST, WEIGHTS_HEIGHT_WIDTH_IN_OUT);
      weightConvHeight = height;
      weightConvWidth = width;
    }
    return weightConv;
  }
}
