package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Softmax and cross-entropy: {@code loss[n] = -sum over k of y[n,k] log p[n,k]} with {@code p =
 * softmax(x)}. Each row of the labels y is a distribution (one-hot or smoothed).
 *
 * <p>Backward: {@code dX = p - y}. The logarithms come from the log-softmax with its maximum
 * subtracted, so that large scores lose nothing.
 */
public final class SoftmaxLoss implements LossKernel {
  private final NativeOp rowMaximum = new NativeOp("reduce_max", 1).reals(1); // keeps N x 1
  private final NativeOp softmax = new NativeOp("softmax", 1);
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");
  private final RowTotal rowTotal = new RowTotal();
  private final Scratch logProbabilities = new Scratch();
  private final Scratch products = new Scratch();
  private final Scratch rows = new Scratch();
  private final Scratch losses = new Scratch();

  private record Forward(INDArray logProbabilities, INDArray labels, INDArray mask, INDArray losses)
      implements Cache {}

  @Override
  public Cache forward(INDArray x, INDArray labels, INDArray mask) {
    LossChecks.check("SoftmaxLoss", x, labels, mask);
    INDArray logP = logProbabilities.get(x.dataType(), x.shape());
    INDArray product = products.get(x.dataType(), x.shape());
    logSoftmax(x, logP, product);
    multiply.in(labels, logP).out(product).run();
    INDArray loss = losses.get(x.dataType(), x.size(0), 1);
    rowTotal.run(product, loss);
    loss.negi();
    if (mask != null) {
      multiply.in(loss, LossChecks.column(mask)).out(loss).run();
    }
    return new Forward(logP, labels, mask, loss);
  }

  /** x - max - log(sum(exp(x - max))): the native log_softmax answers -inf where exp underflows. */
  private void logSoftmax(INDArray x, INDArray logP, INDArray exponentials) {
    INDArray row = rows.get(x.dataType(), x.size(0), 1);
    rowMaximum.in(x).out(row).run();
    subtract.in(x, row).out(logP).run();
    Nd4j.getExecutioner().exec(new Exp(logP, exponentials));
    rowTotal.run(exponentials, row);
    Nd4j.getExecutioner().exec(new Log(row, row));
    subtract.in(logP, row).out(logP).run();
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
