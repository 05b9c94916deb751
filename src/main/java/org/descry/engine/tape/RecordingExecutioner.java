package org.descry.engine.tape;

import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BroadcastOp;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.IndexAccumulation;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.RandomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.summarystats.Variance;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's executioner, which notes what it does on the {@link Tape} of a thread that records. ND4J
 * makes it when it loads, by the name in its property {@link #PROPERTY}.
 */
public final class RecordingExecutioner extends NativeOpExecutioner {
  /** ND4J's property that names the class of its executioner. */
  public static final String PROPERTY = "opexec";

  /** Whether ND4J's operations can be recorded. */
  public static boolean installed() {
    return Nd4j.getExecutioner() instanceof RecordingExecutioner;
  }

  /** Does an operation with what leads to it unrecorded, then notes how to do it again. */
  private static <T> T noted(Supplier<T> now, Supplier<Runnable> again) {
    if (!Tape.recording()) {
      return now.get();
    }
    Object[] result = new Object[1];
    Tape.once(() -> result[0] = now.get());
    Tape.note(again.get());
    @SuppressWarnings("unchecked") // it is what now gave
    T given = (T) result[0];
    return given;
  }

  @Override
  public INDArray exec(Op op) {
    return noted(() -> super.exec(op), () -> PreparedOp.of(op, () -> super.exec(op)));
  }

  @Override
  public INDArray exec(ScalarOp op) {
    return noted(() -> super.exec(op), () -> PreparedOp.of(op, () -> super.exec(op)));
  }

  @Override
  public INDArray exec(ReduceOp op) {
    return noted(() -> super.exec(op), () -> PreparedOp.of(op, () -> super.exec(op)));
  }

  @Override
  public INDArray exec(Variance op) {
    return noted(() -> super.exec(op), () -> () -> super.exec(op));
  }

  @Override
  public INDArray exec(IndexAccumulation op) {
    return noted(() -> super.exec(op), () -> () -> super.exec(op));
  }

  @Override
  public INDArray exec(BroadcastOp op) {
    return noted(() -> super.exec(op), () -> () -> super.exec(op));
  }

  @Override
  public INDArray exec(RandomOp op, Random random) {
    return noted(() -> super.exec(op, random), () -> () -> super.exec(op, random));
  }

  @Override
  public INDArray[] exec(CustomOp op, OpContext context) {
    return noted(() -> super.exec(op, context), () -> PreparedOp.of(op, context));
  }
}
