package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean of what comes in as the loss: {@code loss[n] = 1/K sum over k of x[n,k]}. It has no
 * target; labels are N x 1 and not read.
 *
 * <p>Backward: {@code dX = 1/K}.
 */
public final class MeanLoss implements LossKernel {
  private final NativeOp rowMean = new NativeOp("reduce_mean", 1).reals(1); // keeps N x 1
  private final NativeOp multiply = new NativeOp("multiply");
  private final Scratch losses = new Scratch();

  private record Forward(INDArray x, INDArray mask, INDArray losses) implements Cache {}

  @Override
  public Cache forward(INDArray x, INDArray labels, INDArray mask) {
    LossChecks.check("MeanLoss", x, labels, mask, 1);
    INDArray loss = losses.get(x.dataType(), x.size(0), 1);
    rowMean.in(x).out(loss).run();
    if (mask != null) {
      multiply.in(loss, LossChecks.column(mask)).out(loss).run();
    }
    return new Forward(x, mask, loss);
  }

  @Override
  public INDArray backward(Cache cache, double scale, Allocator allocator) {
    Forward forward = (Forward) cache;
    INDArray dX = allocator.create(forward.x.dataType(), forward.x.shape());
    dX.assign(scale / forward.x.size(1));
    if (forward.mask != null) {
      multiply.in(dX, LossChecks.column(forward.mask)).out(dX).run();
    }
    return dX;
  }

  /** The means, N x 1. */
  @Override
  public INDArray output(INDArray x, Allocator allocator) {
    INDArray means = allocator.create(x.dataType(), x.size(0), 1);
    rowMean.in(x).out(means).run();
    return means;
  }
}
