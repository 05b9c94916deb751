package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Softmax and cross-entropy: {@code loss[n] = -sum over k of y[n,k] log p[n,k]} with {@code p =
 * softmax(x)}. Each row of the labels y is a distribution (one-hot or smoothed).
 *
 * <p>Backward: {@code dX = p - y}. The logarithms come from the log-softmax with its maximum
 * subtracted, so that large scores lose nothing.
 */
public final class SoftmaxLoss implements LossKernel {
  private final NativeOp logSoftmax = new NativeOp("log_softmax", 1);
  private final NativeOp softmax = new NativeOp("softmax", 1);
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");
  private final RowTotal rowTotal = new RowTotal();
  private final Scratch logProbabilities = new Scratch();
  private final Scratch products = new Scratch();
  private final Scratch losses = new Scratch();

  private record Forward(INDArray logProbabilities, INDArray labels, INDArray mask, INDArray losses)
      implements Cache {}

  @Override
  public Cache forward(INDArray x, INDArray labels, INDArray mask) {
    LossChecks.check("SoftmaxLoss", x, labels, mask);
    INDArray logP = logProbabilities.get(x.dataType(), x.shape());
    logSoftmax.in(x).out(logP).run();
    INDArray product = products.get(x.dataType(), x.shape());
    multiply.in(labels, logP).out(product).run();
    INDArray loss = losses.get(x.dataType(), x.size(0), 1);
    rowTotal.run(product, loss);
    loss.negi();
    if (mask != null) {
      multiply.in(loss, LossChecks.column(mask)).out(loss).run();
    }
    return new Forward(logP, labels, mask, loss);
  }

  @Override
  public INDArray backward(Cache cache, double scale, Allocator allocator) {
    Forward forward = (Forward) cache;
    INDArray dX =
        allocator.create(forward.logProbabilities.dataType(), forward.logProbabilities.shape());
    Nd4j.getExecutioner().exec(new Exp(forward.logProbabilities, dX));
    subtract.in(dX, forward.labels).out(dX).run();
    if (forward.mask != null) {
      multiply.in(dX, LossChecks.column(forward.mask)).out(dX).run();
    }
    return scale == 1 ? dX : dX.muli(scale);
  }

  @Override
  public INDArray output(INDArray x, Allocator allocator) {
    INDArray probabilities = allocator.create(x.dataType(), x.shape());
    softmax.in(x).out(probabilities).run();
    return probabilities;
  }
}
