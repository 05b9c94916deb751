package org.descry.cli.progress;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.TrainingProgress;

/**
 * Shows how a training goes: one line per epoch, and between them a bar that is rewritten in place
 * on a terminal, or now and then a line elsewhere.
 */
public final class ConsoleProgress implements TrainingProgress {
  private static final int BAR = 20;
  private static final int LEAST_BAR = 8;
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Printer out;
  private final boolean terminal;
  private final LongSupplier clock;
  private long started;
  private long before;
  private long shown;
  private Plan plan;
  private String selected = "-";

  ConsoleProgress(PrintWriter out, boolean terminal, LongSupplier nanoClock) {
    this.out = Printer.of(out);
    this.terminal = terminal;
    this.clock = nanoClock;
  }

  /** For the program's own output. */
  public static ConsoleProgress to(PrintWriter out) {
    return new ConsoleProgress(out, Terminal.isThere(), System::nanoTime);
  }

  @Override
  public void started(Plan newPlan) {
    plan = newPlan;
    started = clock.getAsLong();
    shown = started;
    before = 0;
    if (plan.network() != null) {
      plan.network().lines().forEach(line -> out.line("%s", line));
    }
    out.line(
        "Training %,d parameters on %,d %s: %s %s of %s steps",
        plan.parameters(),
        plan.examples(),
        plan.noun(),
        plan.epochs(),
        plan.epochs() == 1 ? "epoch" : "epochs",
        plan.stepsPerEpoch());
  }

  @Override
  public void goesOn(int epoch, int step) {
    before = (epoch - 1L) * plan.stepsPerEpoch() + step;
    started = clock.getAsLong();
  }

  @Override
  public void note(String sentence) {
    out.line("%s", sentence);
  }

  @Override
  public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
    long now = clock.getAsLong();
    if (now - shown < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    shown = now;
    String place = "epoch " + epoch + "/" + plan.epochs() + " ";
    String loss = format("%d/%d  loss %s", step, plan.stepsPerEpoch(), Wording.number(meanLoss));
    String score = "  " + Metric.words(plan.selection().name()) + " " + selected;
    String speed = format("  %,.0f %s/s", examplesPerSecond, plan.noun());
    String left = "  " + left(now, (epoch - 1L) * plan.stepsPerEpoch() + step) + " left";
    if (terminal) {
      out.status(fitted(step, place, loss, List.of(score + speed + left, speed + left, left, "")));
    } else {
      out.line("%s", place + bar(step, BAR) + loss + score + speed + left);
    }
  }

  /** As much as the terminal has room for: a shorter bar goes before the figures, then none. */
  private String fitted(int step, String place, String loss, List<String> rests) {
    for (String rest : rests) {
      int free = out.room() - (place + loss + rest).length() - "[] ".length();
      if (free >= LEAST_BAR) {
        return place + bar(step, Math.min(BAR, free)) + loss + rest;
      }
    }
    return place + loss;
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    StringBuilder figures = new StringBuilder();
    if (metrics.evaluated()) {
      selected = Wording.number(metrics.value(plan.selection().name()));
      append(figures, EpochMetrics.VALIDATION_LOSS.name(), metrics.validationLoss());
      metrics.scores().forEach((name, value) -> append(figures, name, value));
    }
    if (metrics.learningRate() != null) {
      figures.append("  learning rate ").append(Wording.rate(metrics.learningRate()));
    }
    out.line(
        "epoch %s/%s  loss %.4f%s  %,.0f %s/s  %.1f s%s",
        metrics.epoch(),
        plan.epochs(),
        metrics.trainLoss(),
        figures,
        metrics.examplesPerSecond(),
        plan.noun(),
        metrics.seconds(),
        best ? "  best" : "");
    shown = clock.getAsLong();
  }

  private static void append(StringBuilder figures, String name, double value) {
    figures.append("  ").append(Metric.words(name)).append(' ').append(Wording.number(value));
  }

  private String bar(int step, int length) {
    int full = (int) Math.min(length, (long) length * step / plan.stepsPerEpoch());
    return "[" + "=".repeat(full) + " ".repeat(length - full) + "] ";
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private String left(long now, long stepsDone) {
    long stepsLeft = (long) plan.epochs() * plan.stepsPerEpoch() - stepsDone;
    long seconds =
        TimeUnit.NANOSECONDS.toSeconds(
            (long) ((double) (now - started) / (stepsDone - before) * stepsLeft));
    return Wording.time(seconds);
  }
}
