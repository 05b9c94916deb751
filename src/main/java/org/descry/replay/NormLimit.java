package org.descry.replay;

import org.bytedeco.javacpp.indexer.Indexer;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Norm2;
import org.nd4j.linalg.factory.Nd4j;

/** Scales an array down to an L2 norm where its own is larger. */
final class NormLimit {
  private static final long[] FIRST = {0};

  private final Runnable norm;
  private final Indexer result;
  private final Scaling scaling;

  NormLimit(INDArray array) {
    Norm2 op = new Norm2(array);
    norm = Tape.prepared(() -> Nd4j.getExecutioner().exec(op));
    result = op.z().data().indexer();
    scaling = Scaling.product(array);
  }

  /**
   * @return the norm before
   */
  double apply(double limit) {
    norm.run();
    double of = result.getDouble(FIRST);
    if (of > limit) {
      scaling.run(limit / of);
    }
    return of;
  }
}
