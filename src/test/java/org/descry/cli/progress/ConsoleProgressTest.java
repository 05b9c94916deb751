package org.descry.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
  private final StringWriter out = new StringWriter();
  private long seconds;

  private ConsoleProgress progress(boolean terminal) {
    return new ConsoleProgress(
        new PrintWriter(out), terminal, () -> TimeUnit.SECONDS.toNanos(seconds));
  }

  private static TrainingProgress.Plan plan(int epochs, int steps) {
    return new TrainingProgress.Plan(
        1000, 500, "images", epochs, steps, Metric.gain("validationAccuracy", ""));
  }

  @Test
  void aTerminalShowsABarThatIsRewrittenInPlace() {
    ConsoleProgress progress = progress(true);
    progress.started(plan(2, 10));
    seconds = 10;
    progress.step(1, 5, 1.25, 50);
    progress.epoch(
        new EpochMetrics(1, 10, 5e-4, 1.2, 1.1, Map.of("validationAccuracy", 0.4), 50, 20), true);
    assertThat(out.toString().lines().map(String::stripTrailing))
        .containsExactly(
            "Training 1,000 parameters on 500 images: 2 epochs of 10 steps",
            "",
            "epoch 1/2 [==========          ] 5/10  loss 1.2500  validation accuracy -"
                + "  50 images/s  0:30 left",
            "epoch 1/2  loss 1.2000  validation loss 1.1000  validation accuracy"
                + " 0.4000  learning rate 0.0005  50 images/s  20.0 s  best");
  }

  @Test
  void anEpochWithoutAnEvaluationHasItsTrainingLossOnly() {
    ConsoleProgress progress = progress(false);
    progress.started(plan(2, 10));
    progress.epoch(new EpochMetrics(1, 10, 10.0, 1.2, null, Map.of(), 50, 20), false);
    progress.epoch(new EpochMetrics(2, 20, 1.23456e-8, 1.1, null, Map.of(), 50, 30), false);
    assertThat(out.toString().lines().skip(1))
        .containsExactly(
            "epoch 1/2  loss 1.2000  learning rate 10  50 images/s  20.0 s",
            "epoch 2/2  loss 1.1000  learning rate 1.23E-8  50 images/s  30.0 s");
  }

  @Test
  void elsewhereThereAreLinesAndFewOfThem() {
    ConsoleProgress progress = progress(false);
    progress.started(plan(1, 100));
    for (int step = 1; step <= 100; step++) {
      seconds = step;
      progress.step(1, step, 1, 5);
    }
    assertThat(out.toString()).doesNotContain("\r");
    assertThat(out.toString().lines()).hasSize(4);
  }
}
