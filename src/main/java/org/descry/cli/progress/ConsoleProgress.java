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
  private final boolean colour;
  private final LongSupplier clock;
  private long started;
  private long before;
  private long shown;
  private Plan plan;
  private String selected = "-";

  ConsoleProgress(PrintWriter out, boolean terminal, boolean colour, LongSupplier nanoClock) {
    this.out = Printer.of(out);
    this.terminal = terminal;
    this.colour = colour;
    this.clock = nanoClock;
  }

  /** For the program's own output. */
  public static ConsoleProgress to(PrintWriter out, Colours colours) {
    return new ConsoleProgress(out, Terminal.isThere(), colours.on(), System::nanoTime);
  }

  @Override
  public void started(Plan newPlan) {
    plan = newPlan;
    started = clock.getAsLong();
    shown = started;
    before = 0;
    if (plan.network() != null) {
      plan.network().lines().map(this::cut).forEach(line -> out.line("%s", line));
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
      out.line("%s", place + loss + score + speed + left);
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
    Figures line = new Figures();
    line.add(0, "epoch %s/%s".formatted(metrics.epoch(), plan.epochs()));
    line.add(2, format("  loss %.4f", metrics.trainLoss()));
    if (metrics.evaluated()) {
      selected = Wording.number(metrics.value(plan.selection().name()));
      add(line, EpochMetrics.VALIDATION_LOSS.name(), metrics.validationLoss());
      metrics.scores().forEach((name, value) -> add(line, name, value));
    }
    if (metrics.learningRate() != null) {
      line.add(6, "  learning rate " + Wording.rate(metrics.learningRate()));
    }
    line.add(7, format("  %,.0f %s/s", metrics.examplesPerSecond(), plan.noun()));
    line.add(8, format("  %.1f s", metrics.seconds()));
    line.add(0, best ? "  best" : "");
    String text = terminal ? line.within(out.room()) : line.text();
    if (best && colour) {
      out.bright(text);
    } else {
      out.line("%s", text);
    }
    shown = clock.getAsLong();
  }

  private void add(Figures line, String name, double value) {
    int rank = name.startsWith(EpochMetrics.VALIDATION) ? 4 : 5;
    line.add(
        name.equals(plan.selection().name()) ? 0 : rank,
        "  " + Metric.words(name) + " " + Wording.number(value));
  }

  /** A line of a table. */
  private String cut(String line) {
    return terminal ? Columns.cut(line, out.room()) : line;
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
