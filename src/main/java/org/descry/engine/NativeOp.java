package org.descry.engine;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One native operation, set up once and run on other arrays each time. ND4J's own way builds the
 * operation and its context, and asks for the output's shape, in every call. Not thread-safe: a
 * kernel owns its operations.
 */
public final class NativeOp {
  private final DynamicCustomOp op;
  private final OpContext context = Nd4j.getExecutioner().buildContext();

  /**
   * @param name the operation's name in libnd4j
   * @param integers its integer arguments, in libnd4j's order
   */
  public NativeOp(String name, long... integers) {
    op = DynamicCustomOp.builder(name).build();
    context.setIArguments(integers);
  }

  /** Sets the floating-point arguments. */
  public NativeOp reals(double... reals) {
    context.setTArguments(reals);
    return this;
  }

  /** Sets the boolean arguments. */
  public NativeOp flags(boolean... flags) {
    context.setBArguments(flags);
    return this;
  }

  /** Sets the input arrays; their number is the same in every call. */
  public NativeOp in(INDArray... arrays) {
    for (int i = 0; i < arrays.length; i++) {
      context.setInputArray(i, arrays[i]);
    }
    return this;
  }

  /** Sets the output arrays, which must have the right shapes: nothing is allocated. */
  public NativeOp out(INDArray... arrays) {
    for (int i = 0; i < arrays.length; i++) {
      context.setOutputArray(i, arrays[i]);
    }
    return this;
  }

  /** Runs the operation on the arrays last set. */
  public void run() {
    Nd4j.getExecutioner().exec(op, context);
  }
}
