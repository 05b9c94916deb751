package org.descry.replay;

import org.bytedeco.javacpp.indexer.Indexer;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Norm2;
import org.nd4j.linalg.factory.Nd4j;

/** Scales an array down to an L2 norm where its own is larger. */
final class NormLimit {
  private final Tape norm;
  private final Indexer result;
  private final Scaling scaling;

  NormLimit(INDArray array) {
    INDArray[] of = new INDArray[1];
    norm = Tape.record(() -> of[0] = Nd4j.getExecutioner().exec(new Norm2(array)));
    result = of[0].data().indexer();
    scaling = Scaling.product(array);
  }

  void apply(double limit) {
    norm.replay();
    double of = result.getDouble(0);
    if (of > limit) {
      scaling.run(limit / of);
    }
  }
}
