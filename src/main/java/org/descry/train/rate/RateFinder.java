package org.descry.train.rate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DivergedException;
import org.descry.engine.Seeding;
import org.descry.job.Job;
import org.descry.model.LearningRates;
import org.descry.report.Html;
import org.descry.report.Page;
import org.descry.report.Plot;
import org.descry.report.Scale;
import org.descry.train.Networks;
import org.descry.train.Task;
import org.descry.train.step.Batches;
import org.descry.train.step.Fitter;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The learning rate range test (Smith 2017, "Cyclical Learning Rates for Training Neural
 * Networks"): steps at rates that grow from very small to far too large, and the loss at each.
 */
public final class RateFinder {
  /** Rates from the first on to ten millions of it. */
  private static final double FIRST = 1e-6;

  private static final double LAST = 10;
  private static final int STEPS = 140;

  /** What the smoothed loss keeps of itself. */
  private static final double KEEPS = 0.9;

  /** How many times the lowest loss ends the test. */
  private static final double ENOUGH = 3;

  private static final double SAFETY = 10;

  /** What share of the first loss a rate leaves at most that is said to lower it. */
  private static final double LOWER = 0.95;

  private RateFinder() {}

  /**
   * A step.
   *
   * @param loss smoothed over the steps up to it
   */
  public record Trial(double rate, double loss) {}

  /**
   * What was found.
   *
   * @param name of the job
   * @param trials in the order of their rates, at least one
   */
  public record Found(String name, List<Trial> trials) {
    public Found {
      trials = List.copyOf(trials);
    }

    /** The rate with the lowest loss. */
    public double lowest() {
      return trials.stream().min(Comparator.comparing(Trial::loss)).orElseThrow().rate();
    }

    /** A tenth of that, where the loss still falls. */
    public double suggestion() {
      return lowest() / SAFETY;
    }

    /** Whether any rate lowered the loss, so that a suggestion makes sense. */
    public boolean learns() {
      double lowest = trials.stream().mapToDouble(Trial::loss).min().orElseThrow();
      return lowest < LOWER * trials.get(0).loss();
    }

    /** All in a sentence. */
    public String sentence() {
      if (!learns()) {
        return "No learning rate lowered the loss within %s steps, so that there is none to suggest; other initial weights or an adaptive optimizer may help."
            .formatted(trials.size());
      }
      return "The loss is lowest at a learning rate of %s; training.optimizer.learningRate=%s is a tenth of that."
          .formatted(Html.compact(lowest()), Html.compact(suggestion()));
    }

    /** A page with the curve. */
    public String html() {
      List<Double> rates = trials.stream().map(Trial::rate).toList();
      List<Double> losses = trials.stream().map(Trial::loss).toList();
      Plot plot = new Plot(Scale.logarithmic(rates), Scale.linear(losses));
      String points =
          trials.stream()
              .map(
                  trial ->
                      String.format(
                          Locale.ROOT,
                          "%.1f,%.1f",
                          plot.left(trial.rate()),
                          plot.top(trial.loss())))
              .collect(Collectors.joining(" "));
      String mark = learns() ? plot.vertical(suggestion(), "suggestion") : "";
      return Page.html(
          name + ": learning rates",
          "",
          "<p>%s</p>%s"
              .formatted(
                  Html.escape(sentence()),
                  plot.figure(
                      "Smoothed training loss by learning rate",
                      Html.legend("held", "suggestion"),
                      "<g class='train'><polyline points='%s'/></g><g class='held'>%s</g>"
                          .formatted(points, mark))));
    }
  }

  /**
   * Does the test; the task's network is of no use afterwards.
   *
   * @param job whose rate is constant
   * @throws DivergedException if the first step's loss is not finite
   */
  public static Found run(Job job, Task task) {
    Fitter.requirePrecision(job.training());
    ComputationGraph network = task.network();
    Networks.clip(network, job.training());
    Networks.startUpdater(network, job.training().optimizer());
    Seeding.reseed(Nd4j.getRandom(), job.seed());
    LearningRates.scale(network, FIRST / job.training().optimizer().learningRate());
    try (Batches batches = task.batches()) {
      return new Found(job.name(), trials(network, batches));
    }
  }

  private static List<Trial> trials(ComputationGraph network, Batches batches) {
    double factor = Math.pow(LAST / FIRST, 1.0 / (STEPS - 1));
    List<Trial> trials = new ArrayList<>();
    double rate = FIRST;
    double mean = 0;
    double lowest = Double.POSITIVE_INFINITY;
    for (int step = 1; step <= STEPS; step++) {
      if (!batches.hasNext()) {
        batches.start(Batches.Position.startOf(batches.position().epoch() + 1));
      }
      mean = KEEPS * mean + (1 - KEEPS) * batches.fitNext(network).loss();
      double loss = mean / (1 - Math.pow(KEEPS, step)); // of the steps that there were
      if (!Double.isFinite(loss) || loss > ENOUGH * lowest) {
        break;
      }
      trials.add(new Trial(rate, loss));
      lowest = Math.min(lowest, loss);
      LearningRates.scale(network, factor);
      rate *= factor;
    }
    if (trials.isEmpty()) {
      throw new DivergedException(
          "The loss of the first step is not finite; expected a network and data that give one.");
    }
    return trials;
  }
}
