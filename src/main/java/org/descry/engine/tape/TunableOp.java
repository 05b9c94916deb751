package org.descry.engine.tape;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.TransformOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.nd4j.nativeblas.OpaqueContext;

/**
 * An operation of ND4J on fixed arrays, prepared once, whose numbers may be others in each run. Not
 * thread-safe.
 */
public final class TunableOp {
  private static final NativeOps NATIVE = NativeOpsHolder.getInstance().getDeviceNativeOps();

  private final Runnable call;
  private final double[] reals;
  private final Runnable setReals;
  private final LongConsumer setInteger;

  /**
   * @param op with its arrays and numbers; the outputs must be there
   */
  public TunableOp(CustomOp op) {
    OpContext context = Nd4j.getExecutioner().buildContext();
    OpaqueContext address = (OpaqueContext) context.contextPointer();
    context.setInputArrays(op.inputArguments());
    context.setOutputArrays(op.outputArguments());
    context.setTArguments(op.tArgs());
    context.setIArguments(op.iArgs());
    call = PreparedOp.call(op, context);
    reals = op.tArgs().clone();
    DoublePointer realsAt = new DoublePointer(reals.length);
    LongPointer integerAt = new LongPointer(1);
    setReals = () -> NATIVE.setGraphContextTArguments(address, realsAt.put(reals), reals.length);
    setInteger = value -> NATIVE.setGraphContextIArguments(address, integerAt.put(value), 1);
  }

  /**
   * @param op a pairwise one of ND4J's older kind, with its arrays and numbers
   */
  public TunableOp(TransformOp op) {
    DataBuffer numbers = PreparedOp.arguments(op).dup();
    call = PreparedOp.pairwise(op, numbers);
    reals = numbers.asDouble();
    setReals =
        () -> {
          for (int i = 0; i < reals.length; i++) {
            numbers.put(i, reals[i]);
          }
        };
    setInteger =
        value -> {
          throw new UnsupportedOperationException(op.opName() + " has no integer argument");
        };
  }

  /** The first floating-point arguments from now on. */
  public TunableOp reals(double... values) {
    if (!Arrays.equals(values, 0, values.length, reals, 0, values.length)) {
      System.arraycopy(values, 0, reals, 0, values.length);
      setReals.run();
    }
    return this;
  }

  /** The first floating-point argument from now on; makes no array. */
  public TunableOp real(double value) {
    if (Double.doubleToLongBits(value) != Double.doubleToLongBits(reals[0])) {
      reals[0] = value;
      setReals.run();
    }
    return this;
  }

  /** The one integer argument from now on. */
  public TunableOp integer(long value) {
    setInteger.accept(value);
    return this;
  }

  public void run() {
    call.run();
  }
}
