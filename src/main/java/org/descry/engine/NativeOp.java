package org.descry.engine;

import org.descry.engine.dnn.Dnn;
import org.descry.engine.dnn.FastOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One native operation, set up once and run on other arrays each time. ND4J's own way builds the
 * operation and its context, and asks for the output's shape, in every call. Where oneDNN does the
 * operation faster it is called directly, see {@link Dnn}. Not thread-safe: a kernel owns its
 * operations.
 */
public final class NativeOp {
  private static final INDArray[] NONE = {};

  private final String name;
  private final long[] integers;
  private final DynamicCustomOp op;
  private final OpContext context = Nd4j.getExecutioner().buildContext();
  private FastOp fast;
  private INDArray[] inputs = NONE;
  private INDArray[] outputs = NONE;

  /**
   * @param name the operation's name in libnd4j
   * @param integers its integer arguments, in libnd4j's order
   */
  public NativeOp(String name, long... integers) {
    this.name = name;
    this.integers = integers;
    op = DynamicCustomOp.builder(name).build();
    context.setIArguments(integers);
    fast = FastOp.of(name, integers, new double[0]);
  }

  /** Sets the floating-point arguments. */
  public NativeOp reals(double... reals) {
    context.setTArguments(reals);
    fast = FastOp.of(name, integers, reals);
    return this;
  }

  /** Sets the boolean arguments. */
  public NativeOp flags(boolean... flags) {
    context.setBArguments(flags);
    return this;
  }

  /** Sets the input arrays; their number is the same in every call. */
  public NativeOp in(INDArray... arrays) {
    inputs = arrays;
    return this;
  }

  /** Sets the output arrays, which must have the right shapes: nothing is allocated. */
  public NativeOp out(INDArray... arrays) {
    outputs = arrays;
    return this;
  }

  /** Runs the operation on the arrays last set. */
  public void run() {
    if (fast != null && Dnn.on() && fast.run(inputs, outputs)) {
      return;
    }
    for (int i = 0; i < inputs.length; i++) {
      context.setInputArray(i, inputs[i]);
    }
    for (int i = 0; i < outputs.length; i++) {
      context.setOutputArray(i, outputs[i]);
    }
    Nd4j.getExecutioner().exec(op, context);
  }
}
