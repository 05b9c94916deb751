package org.descry.kind.sequence;

import java.util.List;
import org.descry.job.SequenceSettings;
import org.descry.metrics.Metric;

/** What a sequence classifier is measured by. */
final class SequenceMetrics {
  static final Metric VALIDATION_ACCURACY =
      Metric.gain("validationAccuracy", "share of right answers on the validation part");

  private static final Metric TEST_LOSS =
      Metric.cost("testLoss", "mean loss of the test part, without the L2 penalty");

  private static final List<Metric> OF_CLASSES =
      List.of(
          VALIDATION_ACCURACY,
          Metric.gain("testAccuracy", "share of right answers on the test part"),
          TEST_LOSS);

  static List<Metric> of(SequenceSettings model) {
    return model.hasClasses() ? OF_CLASSES : List.of(TEST_LOSS);
  }

  private SequenceMetrics() {}
}
