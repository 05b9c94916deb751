package org.descry.layer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.descry.kernel.SquareSum;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * What the regularisation of a layer's parameters adds to the score: DL4J's own terms, whose sums
 * of squares take a fifth of the time.
 */
final class Penalty {
  private final Function<String, List<Regularization>> regularization;
  private final List<Term> terms = new ArrayList<>();
  private List<INDArray> params;

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
    int at = 0;
    for (INDArray other : others) {
      if (at == params.size() || params.get(at++) != other) {
        return false;
      }
    }
    return at == params.size();
  }

  private void add(String name, INDArray param) {
    List<Regularization> of = regularization.apply(name);
    for (Regularization one : of == null ? List.<Regularization>of() : of) {
      terms.add(term(one, param));
    }
  }

  private static Term term(Regularization one, INDArray param) {
    if (one.getClass() == L2Regularization.class) { // a subclass may have a score of its own
      return halfSquare(((L2Regularization) one).getL2(), param);
    }
    if (one.getClass() == WeightDecay.class) {
      return halfSquare(((WeightDecay) one).getCoeff(), param);
    }
    return (iteration, epoch) -> one.score(param, iteration, epoch);
  }

  private static Term halfSquare(ISchedule coefficient, INDArray param) {
    SquareSum squares = new SquareSum(param);
    return (iteration, epoch) -> 0.5 * coefficient.valueAt(iteration, epoch) * squares.get();
  }
}
