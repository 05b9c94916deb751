package org.descry.replay;

import org.bytedeco.javacpp.indexer.Indexer;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarDivision;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.factory.Nd4j;

/** An array times or divided by a number that is another in each run, in place. */
record Scaling(Runnable call, Indexer number) {
  private static final long[] FIRST = {0};

  static Scaling division(INDArray array) {
    return of(new ScalarDivision(array, null, array, 1));
  }

  static Scaling product(INDArray array) {
    return of(new ScalarMultiplication(array, null, array, 1));
  }

  private static Scaling of(ScalarOp op) {
    Runnable call = Tape.prepared(() -> Nd4j.getExecutioner().exec(op));
    return new Scaling(call, op.scalar().data().indexer());
  }

  void run(double by) {
    number.putDouble(FIRST, by);
    call.run();
  }
}
