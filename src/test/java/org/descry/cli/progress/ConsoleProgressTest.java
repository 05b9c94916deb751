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
  private boolean colour;

  private ConsoleProgress progress(boolean terminal) {
    return new ConsoleProgress(
        new Printer(new PrintWriter(out), () -> columns),
        terminal,
        colour,
        () -> TimeUnit.SECONDS.toNanos(seconds));
  }

  private static TrainingProgress.Plan plan(int epochs, int steps) {
    return new TrainingProgress.Plan(
        1000, 500, "images", epochs, steps, Metric.gain("validationAccuracy", ""));
  }

  @Test
  void aTerminalShowsABarThatIsRewrittenInPlace() {
    columns = 130;
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

  /** What is said of an epoch on a terminal of so many columns. */
  private String epoch(int wide) {
    columns = wide;
    out.getBuffer().setLength(0);
    ConsoleProgress progress = progress(true);
    progress.started(
        new TrainingProgress.Plan(1, 1, "images", 20, 9, Metric.gain("validationAccuracy", "")));
    Map<String, Double> scores =
        Map.of("validationAccuracy", 0.9876, "validationTop5", 0.99, "trainAccuracy", 0.98);
    progress.epoch(new EpochMetrics(12, 10, 5e-4, 1.25, 1.5, scores, 4500, 78.9), true);
    return out.toString().lines().skip(1).findFirst().orElseThrow();
  }

  @Test
  void figuresOfLessImportGoWhereThereIsNoRoom() {
    assertThat(epoch(400))
        .isEqualTo(
            "epoch 12/20  loss 1.2500  validation loss 1.5000  train accuracy 0.9800  validation"
                + " accuracy 0.9876  validation top-5 0.9900  learning rate 0.0005  4,500 images/s"
                + "  78.9 s  best");
    assertThat(epoch(80)).isEqualTo("epoch 12/20  loss 1.2500  validation accuracy 0.9876  best");
    assertThat(epoch(40)).isEqualTo("epoch 12/20  val. accuracy 0.9876  best").hasSizeLessThan(40);
    for (int wide = 40; wide < 200; wide++) {
      assertThat(epoch(wide)).hasSizeLessThan(wide).contains("accuracy 0.9876").endsWith("best");
    }
  }

  @Test
  void theBestIsInColourWhereThatIsWanted() {
    assertThat(epoch(80)).doesNotContain("\u001b");
    colour = true;
    assertThat(epoch(80)).startsWith("\u001b[32mepoch 12/20").endsWith("best\u001b[0m");
    assertThat(Colours.wanted(null, true)).isTrue();
    assertThat(Colours.wanted("", true)).isTrue();
    assertThat(Colours.wanted("1", true)).isFalse();
    assertThat(Colours.wanted(null, false)).isFalse();
    assertThat(Colours.ALWAYS.on()).isTrue();
    assertThat(Colours.NEVER.on()).isFalse();
    assertThat(Colours.AUTO.on()).isFalse(); // no terminal here
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
            "epoch 2/2  loss 1.1000  learning rate 1.23e-8  50 images/s  30.0 s");
  }

  @Test
  void elsewhereThereAreLinesAndFewOfThem() {
    ConsoleProgress progress = progress(false);
    progress.started(plan(1, 100));
    for (int step = 1; step <= 100; step++) {
      seconds = step;
      progress.step(1, step, 1, 5);
    }
    assertThat(out.toString())
        .doesNotContain("\r")
        .contains("epoch 1/1 30/100  loss 1.0000  validation accuracy -  5 images/s  1:10 left");
    assertThat(out.toString().lines()).hasSize(4);
  }
}
