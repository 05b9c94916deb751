package org.descry.layer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.descry.engine.tape.RecordingExecutioner;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Norm2;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * What the regularisation of a layer's parameters adds to the score: DL4J's own terms, to the bit,
 * but the norms are computed by calls that are recorded once.
 */
final class Penalty {
  private final Function<String, List<Regularization>> regularization;
  private final List<Term> terms = new ArrayList<>();
  private Collection<INDArray> params;

  /**
   * @param regularization of a parameter by its name; null for none
   */
  Penalty(Function<String, List<Regularization>> regularization) {
    this.regularization = regularization;
  }

  private interface Term {
    double score(int iteration, int epoch);
  }

  double score(Map<String, INDArray> table, int iteration, int epoch) {
    if (params == null || !sameArrays(table.values())) {
      params = List.copyOf(table.values());
      terms.clear();
      table.forEach(this::add);
    }
    double score = 0;
    for (int i = 0; i < terms.size(); i++) {
      score += terms.get(i).score(iteration, epoch);
    }
    return score;
  }

  private boolean sameArrays(Collection<INDArray> others) {
    var known = params.iterator();
    for (INDArray other : others) {
      if (!known.hasNext() || known.next() != other) {
        return false;
      }
    }
    return !known.hasNext();
  }

  private void add(String name, INDArray param) {
    List<Regularization> of = regularization.apply(name);
    for (Regularization one : of == null ? List.<Regularization>of() : of) {
      terms.add(term(one, param));
    }
  }

  private static Term term(Regularization one, INDArray param) {
    if (RecordingExecutioner.installed()) {
      if (one instanceof L2Regularization l2) {
        return halfSquare(l2.getL2(), param);
      }
      if (one instanceof WeightDecay decay) {
        return halfSquare(decay.getCoeff(), param);
      }
    }
    return (iteration, epoch) -> one.score(param, iteration, epoch);
  }

  private static Term halfSquare(ISchedule coefficient, INDArray param) {
    INDArray[] norm = new INDArray[1];
    Tape tape;
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      tape = Tape.record(() -> norm[0] = Nd4j.getExecutioner().exec(new Norm2(param)));
    }
    Indexer result = norm[0].data().indexer();
    return (iteration, epoch) -> {
      tape.replay();
      double of = result instanceof FloatIndexer floats ? floats.get(0) : result.getDouble(0);
      return coefficient.valueAt(iteration, epoch) * 0.5 * of * of;
    };
  }
}
