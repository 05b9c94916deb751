package org.descry.cli.progress;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.TrainingProgress;

/** A training of three epochs as the console shows it, which waits for a file in the second. */
final class ScreenDemo {
  private static final int STEPS = 40;

  private static long now;

  private ScreenDemo() {}

  public static void main(String[] args) throws InterruptedException {
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    ConsoleProgress progress =
        new ConsoleProgress(
            Printer.of(err),
            Terminal.isThere(),
            Colours.AUTO.on(),
            () -> TimeUnit.SECONDS.toNanos(now));
    progress.started(
        new TrainingProgress.Plan(
            188_810, 8_000, "images", 3, STEPS, Metric.gain("validationAccuracy", "")));
    for (int epoch = 1; epoch <= 3; epoch++) {
      for (int step = 1; step <= STEPS; step++) {
        now++;
        progress.step(epoch, step, 2.0 / epoch, 4500);
        if (epoch == 2 && step == STEPS / 2) {
          while (!Files.exists(Path.of(args[0]))) {
            Thread.sleep(20);
          }
        }
      }
      Map<String, Double> scores =
          Map.of("validationAccuracy", 0.3 * epoch, "trainAccuracy", 0.3 * epoch);
      progress.epoch(
          new EpochMetrics(epoch, epoch * STEPS, 1e-3, 1.5, 1.6, scores, 4500, now), epoch < 3);
    }
    err.println("the end");
  }
}
