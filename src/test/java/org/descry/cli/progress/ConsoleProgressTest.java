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

  private int columns = 120;

  private ConsoleProgress progress(boolean terminal) {
    return new ConsoleProgress(
        new Printer(new PrintWriter(out), () -> columns),
        terminal,
        () -> TimeUnit.SECONDS.toNanos(seconds));
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
    String status =
        "epoch 1/2 [==========          ] 5/10  loss 1.2500  validation accuracy -"
            + "  50 images/s  0:30 left";
    assertThat(out.toString())
        .isEqualTo(
            "Training 1,000 parameters on 500 images: 2 epochs of 10 steps%n".formatted()
                + "\r"
                + status
                + "\r"
                + " ".repeat(status.length())
                + "\r"
                + "epoch 1/2  loss 1.2000  validation loss 1.1000  validation accuracy"
                + " 0.4000  learning rate 0.0005  50 images/s  20.0 s  best%n".formatted());
  }

  /** The status of a step on a terminal of so many columns. */
  private String status(int wide) {
    columns = wide;
    seconds = 0;
    ConsoleProgress progress = progress(true);
    progress.started(
        new TrainingProgress.Plan(1, 1, "captions", 20, 1234, Metric.gain("validationBleu4", "")));
    out.getBuffer().setLength(0);
    seconds = 100;
    progress.step(10, 777, 0.0123, 35_000);
    assertThat(out.toString()).startsWith("\r");
    return out.toString().substring(1);
  }

  @Test
  void theStatusFitsTheColumnsThatThereAre() {
    for (int wide = 2; wide < 130; wide++) {
      assertThat(status(wide)).hasSizeLessThan(wide);
    }
    assertThat(status(80))
        .isEqualTo(
            "epoch 10/20 [========     ] 777/1234  loss 0.0123  35,000 captions/s  1:47 left");
    assertThat(status(40)).isEqualTo("epoch 10/20 777/1234  loss 0.0123");
    assertThat(status(20)).isEqualTo("epoch 10/20 777/123");
  }

  @Test
  void theTimeThatIsLeftCountsFromWhereItGoesOn() {
    ConsoleProgress progress = progress(true);
    progress.started(plan(2, 10));
    progress.goesOn(1, 8);
    seconds = 20;
    progress.step(2, 2, 1.25, 50); // four steps in twenty seconds, eight are left
    assertThat(out.toString()).contains("0:40 left");
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
