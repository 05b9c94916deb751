package org.descry.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.junit.jupiter.api.Test;

class TrainingGaugesTest {
  private static void train(TrainingProgress progress) {
    progress.started(
        new TrainingProgress.Plan(1, 1, "images", 3, 10, Metric.gain("validationAccuracy", "")));
    progress.step(1, 10, 1.5, 200);
    progress.epoch(
        new EpochMetrics(1, 10, 5e-4, 1.25, 1.1, Map.of("validationAccuracy", 0.4), 50, 20), true);
    progress.step(2, 7, 0.75, 250);
    progress.epoch(new EpochMetrics(2, 20, 2e-4, 0.5, null, Map.of(), 50, 20), false);
  }

  private static double value(MeterRegistry registry, String name, String... tags) {
    return registry.get("descry.training." + name).tags("job", "mine").tags(tags).gauge().value();
  }

  @Test
  void theyShowWhereATrainingIs() {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (TrainingGauges gauges = new TrainingGauges(registry, "mine");
        TrainingGauges others = new TrainingGauges(registry, "other")) {
      train(gauges);
      others.goesOn(3, 1);
      assertThat(value(registry, "epochs")).isEqualTo(3);
      assertThat(value(registry, "steps")).isEqualTo(10);
      assertThat(value(registry, "epoch")).isEqualTo(2);
      assertThat(value(registry, "step")).isEqualTo(7);
      assertThat(value(registry, "loss")).isEqualTo(0.75);
      assertThat(value(registry, "examples.per.second")).isEqualTo(250);
      assertThat(value(registry, "best.epoch")).isEqualTo(1);
      assertThat(value(registry, "figure", "figure", "trainLoss")).isEqualTo(0.5);
      assertThat(value(registry, "figure", "figure", "validationLoss")).isEqualTo(1.1);
      assertThat(value(registry, "figure", "figure", "validationAccuracy")).isEqualTo(0.4);
      assertThat(value(registry, "figure", "figure", "learningRate")).isEqualTo(2e-4);
      gauges.close();
      assertThat(registry.getMeters()).hasSize(2);
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void prometheusTakesThem() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    train(new TrainingGauges(registry, "mine"));
    assertThat(registry.scrape())
        .contains(
            "descry_training_loss{job=\"mine\"} 0.75",
            "descry_training_figure{figure=\"validationAccuracy\",job=\"mine\"} 0.4");
  }
}
