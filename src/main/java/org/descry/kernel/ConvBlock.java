package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.descry.engine.dnn.PooledConvolution;
import org.descry.engine.dnn.PooledGradient;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link Conv2d}, {@link BatchNorm} if so wished, an {@link Activation}, and {@link MaxPool2d} if
 * so wished: last, or right after the convolution. Shapes and types are theirs.
 *
 * <p>The maximum commutes with a function that never decreases: such a block pools first and
 * applies the function to the few values that are left; the result is the same to the bit. The
 * rectifier costs nothing where it is part of the convolution; that way back, too, leads through
 * the few values first.
 *
 * <p>Backward: through each part by its own rule, last to first.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class ConvBlock extends Block {
  private final Conv2d conv;
  private final MaxPool2d pool;
  private final boolean poolsBeforeNorm;
  private final boolean poolsFirst;
  private final boolean fused;
  private final PooledGradient pooledGradient;
  private final PooledConvolution pooledConv;
  private final Scratch convOut = new Scratch();
  private final Scratch normOut = new Scratch();
  private final Scratch pooledOut = new Scratch();
  private final Scratch activated = new Scratch();
  private final Scratch outputGradient = new Scratch();
  private final Scratch dPool = new Scratch();

  /**
   * @param normalizes whether a batch normalisation follows the convolution
   * @param pool the pooling's window, or null for none
   */
  public ConvBlock(Window conv, boolean normalizes, Activation activation, Window pool) {
    this(conv, usual(normalizes), activation, pool, false);
  }

  /**
   * @param rates of the batch normalisation that follows the convolution, or null for none
   * @param pool the pooling's window, or null for none
   * @param poolsEarly whether the pooling stands right after the convolution, not last
   */
  public ConvBlock(
      Window conv, BatchNorm.Rates rates, Activation activation, Window pool, boolean poolsEarly) {
    super(rates, activation);
    fused =
        rates == null
            && (activation == Activation.RELU || pool == null && activation.operation() != null);
    this.conv = new Conv2d(conv, fused ? activation.operation() : null);
    this.pool = pool == null ? null : new MaxPool2d(pool);
    pooledGradient =
        pool == null ? null : new PooledGradient(this.conv.geometry(), this.pool.fast());
    poolsBeforeNorm = pool != null && poolsEarly && rates != null;
    poolsFirst = pool != null && !poolsBeforeNorm && (poolsEarly || activation.nonDecreasing());
    pooledConv =
        poolsFirst && rates == null
            ? new PooledConvolution(
                this.conv.geometry(), fused ? activation.operation() : null, this.pool.fast())
            : null;
  }

  /**
   * What the backward pass needs; it holds until the next forward pass of the same kernel.
   *
   * @param norm null where nothing is normalised
   * @param seen what the activation's derivative reads, N x H x W x F
   * @param pool null where nothing is pooled
   * @param out N x F x OH x OW over channels-last memory
   */
  public record Cache(
      Conv2d.Cache conv, BatchNorm.Cache norm, INDArray seen, MaxPool2d.Cache pool, INDArray out) {}

  /** Runs the block, in training with the batch's statistics. */
  public Cache forward(INDArray x, BlockParameters p, boolean training, Allocator allocator) {
    Allocator linear = apart() || pool != null ? normOut::get : allocator;
    Conv2d.Cache convolved = conv.prepare(x, p.w(), p.b(), norm == null ? linear : convOut::get);
    MaxPool2d.Cache pooled = null;
    INDArray out = convolved.out();
    if (pooledConv != null) {
      pooled = pool.prepare(out, training, apart() ? pooledOut::get : allocator);
      pool(convolved, pooled, training);
      out = pooled.out();
    } else {
      conv.run(convolved);
    }
    if (poolsBeforeNorm) {
      pooled = pool.forward(out, training, pooledOut::get);
      out = pooled.out();
    }
    // What is pooled before is as small as the output, and may be it.
    Allocator normal = poolsBeforeNorm && !apart() ? allocator : linear;
    BatchNorm.Cache normed = normalize(out, p.norm(), training, normal);
    if (normed != null) {
      out = normed.out();
    }
    if (poolsFirst && pooled == null) {
      pooled = pool.forward(out, training, apart() ? pooledOut::get : allocator);
      out = pooled.out();
    }
    INDArray seen = out.permute(0, 2, 3, 1);
    if (activation != null && !fused) {
      INDArray to = seen;
      if (apart()) {
        Allocator place = poolsLast() ? activated::get : allocator;
        to = place.create(seen.dataType(), seen.shape());
      }
      activation.apply(seen, to);
      out = Layout.channelsFirstView(to);
    }
    if (poolsLast()) {
      pooled = pool.forward(out, training, allocator);
      out = pooled.out();
    }
    return new Cache(convolved, normed, seen, pooled, out);
  }

  private boolean poolsLast() {
    return pool != null && !poolsFirst && !poolsBeforeNorm;
  }

  /** Convolution and pooling in one, where that is faster. */
  private void pool(Conv2d.Cache convolved, MaxPool2d.Cache pooled, boolean training) {
    boolean together = !training || pooled.places() != null; // the way back may read the input
    if (!together
        || !pooledConv.run(
            convolved.x(),
            convolved.w(),
            convolved.b(),
            convolved.out(),
            pooled.out().permute(0, 2, 3, 1),
            pooled.places())) {
      conv.run(convolved);
      pool.run(pooled);
    }
  }

  /** See {@link BatchNorm#updateRunning}. Does nothing where nothing is normalised. */
  public void updateRunning(Cache cache) {
    updateRunning(cache.norm);
  }

  /**
   * Writes the parameters' gradients.
   *
   * @param allocator where the input's gradient goes, or null where nobody needs it
   * @return dX in the shape of x over channels-last memory, or null
   */
  public INDArray backward(INDArray dOut, Cache cache, BlockGradients to, Allocator allocator) {
    Check.shape("ConvBlock", "dOut", dOut, cache.out.shape());
    INDArray d = dOut;
    if (poolsLast()) {
      d = pool.backward(d, cache.pool, dPool::get);
    }
    if (activation != null) {
      INDArray last = Layout.channelsLast(d, outputGradient);
      d = Layout.channelsFirstView(beforeActivation(last, cache.seen));
    }
    if (pooledConv != null && allocator == null && pooledAtOnce(d, cache, to)) {
      return null;
    }
    if (poolsFirst) {
      d = pool.backward(d, cache.pool, dPool::get);
    }
    d = beforeNorm(d, cache.norm, to);
    if (poolsBeforeNorm) {
      d = pool.backward(d, cache.pool, dPool::get);
    }
    return conv.backward(d, cache.conv, to.w(), to.b(), allocator);
  }

  /** Pooling and convolution in one, where that is faster. */
  private boolean pooledAtOnce(INDArray d, Cache cache, BlockGradients to) {
    INDArray places = cache.pool.places();
    INDArray dPooled = d.permute(0, 2, 3, 1);
    INDArray convolved = cache.pool.inputLast();
    return places != null
        && pooledGradient.run(cache.conv.x(), convolved, dPooled, places, to.w(), to.b());
  }
}
