package org.descry.gradcheck;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.gradient.Gradient;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Something whose gradients are checked: a scalar function of named float64 arrays. */
public interface Subject {
  /**
   * The result of one way of computing.
   *
   * @param outputs what the forward pass gave, by name
   * @param gradients of {@link #value} with respect to the variables, by name; it may hold more,
   *     which is then compared between the two ways alone
   */
  record Result(Map<String, INDArray> outputs, Map<String, INDArray> gradients) {
    /** With the parameters' gradients, to which others may be added. */
    static Result of(INDArray out, Gradient parameters) {
      Map<String, INDArray> gradients = new LinkedHashMap<>();
      parameters.gradientForVariable().forEach((key, g) -> gradients.put(key, g.dup('c')));
      return new Result(Map.of(Autodiff.OUTPUT, out), gradients);
    }
  }

  /** How the report calls it. */
  String name();

  /** The arrays that {@link #value} reads and that it is differentiated by. */
  Map<String, INDArray> variables();

  /** The scalar, by the explicit forward pass, from the variables as they are now. */
  double value();

  /** By the explicit passes. */
  Result explicit();

  /** By SameDiff's interpreter and autodiff; null where the subject has no such definition. */
  Result autodiff();
}
