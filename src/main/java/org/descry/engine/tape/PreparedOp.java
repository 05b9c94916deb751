package org.descry.engine.tape;

import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.TransformOp;
import org.nd4j.linalg.cpu.nativecpu.buffer.BaseCpuDataBuffer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.nd4j.nativeblas.OpaqueDataBuffer;

/**
 * An operation of ND4J on fixed arrays as one native call: its pointers are looked up once, where
 * ND4J's executioner makes them anew each time.
 */
final class PreparedOp {
  private static final NativeOps NATIVE = NativeOpsHolder.getInstance().getDeviceNativeOps();

  /** What the native transforms want to see, and do not read on the CPU. */
  private static final PointerPointer<?> EXTRAS = new PointerPointer<>(32L);

  private PreparedOp() {}

  /** An array's memory and shape; it keeps the array alive. */
  private record Operand(INDArray array, OpaqueDataBuffer memory, LongPointer shape) {
    static Operand of(INDArray array) {
      return new Operand(
          array,
          ((BaseCpuDataBuffer) array.data()).getOpaqueDataBuffer(),
          (LongPointer) array.shapeInfoDataBuffer().addressPointer());
    }
  }

  private interface Transform {
    void run(
        PointerPointer<?> extras,
        int op,
        OpaqueDataBuffer x,
        LongPointer xShape,
        LongPointer onDevice,
        OpaqueDataBuffer z,
        LongPointer zShape,
        LongPointer alsoOnDevice,
        Pointer arguments);
  }

  /**
   * @param otherwise does an operation of a rarer kind
   */
  static Runnable of(Op op, Runnable otherwise) {
    if (op instanceof ScalarOp scalar && scalar.dimensions() == null) {
      return scalar(scalar, otherwise);
    }
    if (op instanceof TransformOp && op.x() != null && op.z() != null) {
      return op.y() == null ? transform(op, otherwise) : pairwise(op, otherwise);
    }
    return otherwise;
  }

  /** A reduction of a whole array to one number. */
  static Runnable of(ReduceOp op, Runnable otherwise) {
    if (op.getOpType() != Op.Type.REDUCE_FLOAT || op.y() != null || !op.z().isScalar()) {
      return otherwise;
    }
    return call(
        op,
        arguments(op),
        (number, x, z, at) ->
            NATIVE.execReduceFloat(
                null, number, x.memory, x.shape, null, at, z.memory, z.shape, null));
  }

  private static Runnable scalar(ScalarOp op, Runnable otherwise) {
    if (op.getOpType() != Op.Type.SCALAR) {
      return otherwise;
    }
    Operand by = Operand.of(op.scalar());
    return call(
        op,
        arguments(op),
        (number, x, z, at) ->
            NATIVE.execScalar(
                null, number, x.memory, x.shape, null, z.memory, z.shape, null, by.memory, by.shape,
                null, at));
  }

  private static Runnable transform(Op op, Runnable otherwise) {
    Transform transform =
        switch (((TransformOp) op).getOpType()) {
          case TRANSFORM_ANY -> NATIVE::execTransformAny;
          case TRANSFORM_FLOAT -> NATIVE::execTransformFloat;
          case TRANSFORM_SAME -> NATIVE::execTransformSame;
          case TRANSFORM_STRICT -> NATIVE::execTransformStrict;
          default -> null;
        };
    if (transform == null || op.opName().equalsIgnoreCase("ismax")) {
      return otherwise;
    }
    return call(
        op,
        arguments(op),
        (number, x, z, at) ->
            transform.run(EXTRAS, number, x.memory, x.shape, null, z.memory, z.shape, null, at));
  }

  private static Runnable pairwise(Op op, Runnable otherwise) {
    boolean plain =
        switch (((TransformOp) op).getOpType()) {
          case TRANSFORM_ANY, TRANSFORM_FLOAT, TRANSFORM_SAME, TRANSFORM_STRICT -> true;
          default -> false;
        };
    return plain && !op.y().isScalar() ? pairwise(op, arguments(op)) : otherwise;
  }

  /**
   * @param arguments the operation's numbers, or null for none
   */
  static Runnable pairwise(Op op, DataBuffer arguments) {
    Operand y = Operand.of(op.y());
    return call(
        op,
        arguments,
        (number, x, z, at) ->
            NATIVE.execPairwiseTransform(
                EXTRAS, number, x.memory, x.shape, null, y.memory, y.shape, null, z.memory, z.shape,
                null, at));
  }

  /** What an operation does with its input, its output and its numbers. */
  private interface Native {
    void run(int number, Operand x, Operand z, Pointer arguments);
  }

  private static Runnable call(Op op, DataBuffer arguments, Native call) {
    Operand x = Operand.of(op.x());
    Operand z = Operand.of(op.z());
    Pointer at = arguments == null ? null : arguments.addressPointer();
    int number = op.opNum();
    return new Call(() -> call.run(number, x, z, at), arguments);
  }

  /** A call and the memory of its arguments, which must stay alive. */
  private record Call(Runnable call, DataBuffer arguments) implements Runnable {
    @Override
    public void run() {
      call.run();
    }
  }

  /** An operation's numbers, or null for none. */
  static DataBuffer arguments(Op op) {
    return op.extraArgs() == null ? null : op.extraArgsDataBuff(op.z().dataType());
  }

  /** A copy of the context, since its owner runs it on other arrays too. */
  static Runnable of(CustomOp op, OpContext context) {
    OpContext own = Nd4j.getExecutioner().buildContext();
    own.setIArguments(context.getIArguments().stream().mapToLong(Long::longValue).toArray());
    own.setTArguments(context.getTArguments().stream().mapToDouble(Double::doubleValue).toArray());
    List<Boolean> flags = context.getBArguments();
    boolean[] booleans = new boolean[flags.size()];
    for (int i = 0; i < booleans.length; i++) {
      booleans[i] = flags.get(i);
    }
    own.setBArguments(booleans);
    own.setDArguments(context.getDArguments().toArray(new DataType[0]));
    for (int i = 0; i < context.numInputArguments(); i++) {
      own.setInputArray(i, context.getInputArray(i));
    }
    for (int i = 0; i < context.numOutputArguments(); i++) {
      own.setOutputArray(i, context.getOutputArray(i));
    }
    return call(op, own);
  }

  /** An operation with a context of its own. */
  static Runnable call(CustomOp op, OpContext own) {
    return new CustomCall(own, op.opHash(), own.contextPointer(), op.opName());
  }

  private record CustomCall(OpContext context, long hash, Pointer address, String name)
      implements Runnable {
    @Override
    public void run() {
      if (NATIVE.execCustomOp2(null, hash, address) != 0) {
        throw new IllegalStateException(name + ": " + NATIVE.lastErrorMessage());
      }
    }
  }

  /** What the older operations report only when asked. */
  static void requireNoError() {
    if (NATIVE.lastErrorCode() != 0) {
      throw new IllegalStateException(NATIVE.lastErrorMessage());
    }
  }
}
