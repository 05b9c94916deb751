package org.descry.gradcheck;

import java.util.Map;
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
  record Result(Map<String, INDArray> outputs, Map<String, INDArray> gradients) {}

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
