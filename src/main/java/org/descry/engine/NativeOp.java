package org.descry.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.descry.engine.dnn.FastOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One native operation, set up once and run on other arrays each time. ND4J's own way builds the
 * operation and its context, and asks for the output's shape, in every call. Where oneDNN does the
 * operation faster it is called directly, see {@link org.descry.engine.dnn.Dnn}. Not thread-safe: a
 * kernel owns its operations.
 */
public final class NativeOp {
  private static final INDArray[] NONE = {};
  private static final double[] NO_REALS = {};

  private final String name;
  private final long[] integers;
  private final DynamicCustomOp op;
  private final OpContext context = Nd4j.getExecutioner().buildContext();
  private final List<NativeOp> followers = new ArrayList<>();
  private double[] reals = NO_REALS;
  private FastOp fast;
  private FastOp fused;
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
    fast = FastOp.of(name, integers, reals, List.of());
  }

  /** Sets the floating-point arguments. */
  public NativeOp reals(double... values) {
    reals = values;
    context.setTArguments(values);
    fast = FastOp.of(name, integers, values, List.of());
    return this;
  }

  /**
   * Lets another operation follow, in place on the one result; if it takes two arrays it reads one
   * more input. oneDNN does all of it in one pass, where it can. To be called after {@link #reals}.
   *
   * @param follower {@code add}, {@code biasadd}, {@code multiply}, {@code tanh}, {@code sigmoid}
   *     or {@code relu}
   */
  public NativeOp then(String follower) {
    NativeOp next = new NativeOp(follower);
    followers.add(follower.equals("relu") ? next.reals(0) : next);
    fused = FastOp.of(name, integers, reals, followers.stream().map(op -> op.name).toList());
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
    if (followers.isEmpty()) {
      run(inputs);
    } else if (fused == null || !fused.run(inputs, outputs)) {
      runOneByOne();
    }
  }

  private void runOneByOne() {
    int own = inputs.length - (int) followers.stream().filter(NativeOp::joins).count();
    run(Arrays.copyOf(inputs, own));
    INDArray result = outputs[0];
    for (NativeOp follower : followers) {
      INDArray[] in =
          follower.joins() ? new INDArray[] {result, inputs[own++]} : new INDArray[] {result};
      follower.in(in).out(result).run();
    }
  }

  private boolean joins() {
    return FastOp.joins(name);
  }

  private void run(INDArray[] in) {
    if (fast != null && fast.run(in, outputs)) {
      return;
    }
    for (int i = 0; i < in.length; i++) {
      context.setInputArray(i, in[i]);
    }
    for (int i = 0; i < outputs.length; i++) {
      context.setOutputArray(i, outputs[i]);
    }
    Nd4j.getExecutioner().exec(op, context);
  }
}
