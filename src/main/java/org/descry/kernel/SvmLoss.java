package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The multiclass hinge loss of Weston and Watkins (1999) with margin 1: {@code loss[n] = sum over k
 * != c of max(0, x[n,k] - x[n,c] + 1)}, c being the class of example n. Labels are one-hot.
 *
 * <p>Backward: 1 for each class inside the margin, minus their number for the right class; the
 * derivative at the hinge is 0.
 */
public final class SvmLoss implements LossKernel {
  private static final double MARGIN = 1;

  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");
  private final NativeOp relu = new NativeOp("relu").reals(0);
  private final RowTotal rowTotal = new RowTotal();
  private final Scratch margins = new Scratch();
  private final Scratch products = new Scratch();
  private final Scratch rightScores = new Scratch();
  private final Scratch counts = new Scratch();
  private final Scratch losses = new Scratch();

  private record Forward(INDArray margins, INDArray labels, INDArray mask, INDArray losses)
      implements Cache {}

  @Override
  public Cache forward(INDArray x, INDArray labels, INDArray mask) {
    LossChecks.check("SvmLoss", x, labels, mask);
    INDArray product = products.get(x.dataType(), x.shape());
    multiply.in(x, labels).out(product).run();
    INDArray right = rightScores.get(x.dataType(), x.size(0), 1);
    rowTotal.run(product, right);
    INDArray margin = margins.get(x.dataType(), x.shape());
    subtract.in(x, right).out(margin).run();
    margin.addi(MARGIN);
    // The right class has the margin itself here; taking the one-hot label away leaves it exactly
    // zero.
    subtract.in(margin, labels).out(margin).run();
    relu.in(margin).out(margin).run();
    INDArray loss = losses.get(x.dataType(), x.size(0), 1);
    rowTotal.run(margin, loss);
    if (mask != null) {
      multiply.in(loss, LossChecks.column(mask)).out(loss).run();
    }
    return new Forward(margin, labels, mask, loss);
  }

  @Override
  public INDArray backward(Cache cache, double scale, Allocator allocator) {
    Forward forward = (Forward) cache;
    INDArray dX = allocator.create(forward.margins.dataType(), forward.margins.shape());
    Nd4j.getExecutioner().exec(new Sign(forward.margins, dX));
    INDArray count = counts.get(dX.dataType(), dX.size(0), 1);
    rowTotal.run(dX, count);
    INDArray product = products.get(dX.dataType(), dX.shape());
    multiply.in(forward.labels, count).out(product).run();
    subtract.in(dX, product).out(dX).run();
    if (forward.mask != null) {
      multiply.in(dX, LossChecks.column(forward.mask)).out(dX).run();
    }
    return scale == 1 ? dX : dX.muli(scale);
  }

  @Override
  public INDArray output(INDArray x, Allocator allocator) {
    return allocator.create(x.dataType(), x.shape()).assign(x);
  }
}
