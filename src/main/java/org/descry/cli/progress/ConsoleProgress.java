package org.descry.cli.progress;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.descry.metrics.EpochMetrics;
import org.descry.train.TrainingProgress;

/**
 * Shows how a training goes: one line per epoch, and between them a bar that is rewritten in place
 * on a terminal, or now and then a line elsewhere.
 */
public final class ConsoleProgress implements TrainingProgress {
  private static final int BAR = 20;
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final StatusLine status;
  private final boolean terminal;
  private final LongSupplier clock;
  private long started;
  private long shown;
  private Plan plan;
  private String selected = "-";

  ConsoleProgress(PrintWriter out, boolean terminal, LongSupplier nanoClock) {
    status = new StatusLine(out);
    this.terminal = terminal;
    this.clock = nanoClock;
  }

  /** For the program's own output. */
  public static ConsoleProgress to(PrintWriter out) {
    boolean terminal = System.console() != null && System.getenv("CI") == null;
    return new ConsoleProgress(out, terminal, System::nanoTime);
  }

  @Override
  public void started(Plan newPlan) {
    plan = newPlan;
    started = clock.getAsLong();
    shown = started;
    status.line(
        "Training %,d parameters on %,d %s: %s %s of %s steps",
        plan.parameters(),
        plan.examples(),
        plan.noun(),
        plan.epochs(),
        plan.epochs() == 1 ? "epoch" : "epochs",
        plan.stepsPerEpoch());
  }

  @Override
  public void note(String sentence) {
    status.line("%s", sentence);
  }

  @Override
  public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
    long now = clock.getAsLong();
    if (now - shown < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    shown = now;
    String state =
        String.format(
            Locale.ROOT,
            "epoch %d/%d %s %d/%d  loss %.4f  %s %s  %,.0f %s/s  %s left",
            epoch,
            plan.epochs(),
            bar(step),
            step,
            plan.stepsPerEpoch(),
            meanLoss,
            Wording.words(plan.selection().name()),
            selected,
            examplesPerSecond,
            plan.noun(),
            left(now, (epoch - 1L) * plan.stepsPerEpoch() + step));
    if (terminal) {
      status.redraw(state);
    } else {
      status.line("%s", state);
    }
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
    status.line(
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
    figures.append("  ").append(Wording.words(name)).append(' ').append(Wording.number(value));
  }

  private String bar(int step) {
    int full = Math.min(BAR, BAR * step / plan.stepsPerEpoch());
    return "[" + "=".repeat(full) + " ".repeat(BAR - full) + "]";
  }

  private String left(long now, long stepsDone) {
    long stepsLeft = (long) plan.epochs() * plan.stepsPerEpoch() - stepsDone;
    long seconds =
        TimeUnit.NANOSECONDS.toSeconds((long) ((double) (now - started) / stepsDone * stepsLeft));
    return Wording.time(seconds);
  }
}
