package org.descry.kind.classifier;

import java.util.List;
import org.descry.metrics.Metric;

/** What a classifier is measured by. */
final class ClassifierMetrics {
  static final Metric VALIDATION_ACCURACY =
      Metric.gain("validationAccuracy", "share of right answers on the validation part");

  static final Metric TRAIN_ACCURACY =
      Metric.gain("trainAccuracy", "share of right answers on a sample of the training part");

  static final List<Metric> ALL =
      List.of(
          VALIDATION_ACCURACY,
          TRAIN_ACCURACY,
          Metric.gain("testAccuracy", "share of right answers on the test part"),
          Metric.cost("testLoss", "mean loss of the test part, without the L2 penalty"));

  private ClassifierMetrics() {}
}
