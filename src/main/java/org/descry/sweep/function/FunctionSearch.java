package org.descry.sweep.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.descry.DescryException;
import org.descry.job.Settings;
import org.descry.metrics.Metric.Goal;
import org.descry.sweep.arbiter.MeanScore;
import org.descry.sweep.arbiter.Outcome;
import org.descry.sweep.arbiter.Piece;
import org.descry.sweep.arbiter.Pruning;
import org.descry.sweep.arbiter.Search;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.arbiter.TpeSettings;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.JobSpace;
import org.descry.sweep.space.SearchSpace;
import org.descry.sweep.trial.Objective;

/**
 * Searches the values at which a function is best, one candidate after another, on the caller's
 * thread; the same candidates for the same seed and the same scores.
 *
 * <pre>{@code
 * FunctionSearch.Trial best =
 *     FunctionSearch.maximize()
 *         .logUniform("rate", 1e-4, 1e-1)
 *         .whole("hidden", 16, 256)
 *         .run(20, values -> accuracy(values.number("rate"), values.whole("hidden")))
 *         .best();
 * }</pre>
 */
public final class FunctionSearch {
  private final Goal goal;
  private final List<Axis> axes = new ArrayList<>();
  private Strategy strategy = Strategy.TPE;
  private long seed = 1;

  /**
   * A candidate.
   *
   * @param values that the function was asked for
   * @param score what it answered; NaN if it failed
   * @param failure why, in a sentence; null if it did not
   */
  public record Trial(Values values, double score, String failure) {}

  /**
   * All candidates, in the order that they were tried in.
   *
   * @param best the one with the best score
   */
  public record Result(List<Trial> trials, Trial best) {
    public Result {
      trials = List.copyOf(trials);
    }
  }

  private FunctionSearch(Goal goal) {
    this.goal = goal;
  }

  /** For a function that is the better the larger it is. */
  public static FunctionSearch maximize() {
    return new FunctionSearch(Goal.MAXIMIZE);
  }

  /** For a function that is the better the smaller it is. */
  public static FunctionSearch minimize() {
    return new FunctionSearch(Goal.MINIMIZE);
  }

  /** A number between two, all equally likely. */
  public FunctionSearch uniform(String name, double from, double to) {
    return axis(name, space().with(SearchSpace::uniform, List.of(from, to)));
  }

  /** A number between two, each order of magnitude as likely as the next. */
  public FunctionSearch logUniform(String name, double from, double to) {
    return axis(name, space().with(SearchSpace::logUniform, List.of(from, to)));
  }

  /** A whole number, both ends included. */
  public FunctionSearch whole(String name, long from, long to) {
    return axis(name, space().with(SearchSpace::integer, List.of(from, to)));
  }

  /** One of some numbers, texts or truth values. */
  public FunctionSearch choice(String name, Object... values) {
    return axis(name, space().with(SearchSpace::choice, Arrays.asList(values)));
  }

  private static Settings<SearchSpace> space() {
    return Settings.of(SearchSpace.class);
  }

  private FunctionSearch axis(String name, Settings<SearchSpace> space) {
    axes.add(space.build().axis(name, false));
    return this;
  }

  /**
   * How candidates are found, when not by {@code tpe}.
   *
   * @param name {@code random}, {@code tpe}, {@code cma-es}, {@code sobol} or {@code genetic}
   * @throws IllegalArgumentException if there is no such strategy
   */
  public FunctionSearch strategy(String name) {
    strategy =
        Arrays.stream(Strategy.values())
            .filter(known -> known.toString().equals(name) && known != Strategy.GRID)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Expected random, tpe, cma-es, sobol or genetic, got: " + name));
    return this;
  }

  /** Of all that is drawn; 1 if none is given. */
  public FunctionSearch seed(long newSeed) {
    seed = newSeed;
    return this;
  }

  /**
   * Tries candidates. A {@link DescryException} of the function, such as that of a training that
   * diverged, or a score that is no number makes a failed candidate; whatever else it throws ends
   * the search.
   *
   * @param candidates how many at most: a small space may have fewer
   * @throws DescryException if all of them failed
   */
  public Result run(int candidates, ToDoubleFunction<Values> function) {
    JobSpace space = new JobSpace(axes);
    CandidateGenerator generator =
        strategy.generator(
            space, seed, new MeanScore(goal), Settings.of(TpeSettings.class).build());
    Objective objective = new Objective("score", goal);
    Search search =
        new Search(
            generator,
            new Search.Plan(strategy, Pruning.NONE, List.of(objective), List.of(), Map.of()),
            (piece, candidate) -> candidate < candidates);
    List<Trial> trials = new ArrayList<>();
    while (search.hasMoreCandidates()) {
      Piece piece = (Piece) search.getCandidate().getValue();
      Trial trial = trial(new Values(piece.settings()), function);
      trials.add(trial);
      search.learn(piece.number(), new Outcome(List.of(trial.score), 1, false));
    }
    Optional<Trial> best =
        trials.stream()
            .filter(trial -> trial.failure == null)
            .min(Comparator.comparingDouble(trial -> goal.cost(trial.score)));
    return new Result(
        trials,
        best.orElseThrow(
            () ->
                new DescryException(
                    trials.isEmpty()
                        ? "No candidate was tried; expected at least one."
                        : "All %s candidates failed, the first one so: %s"
                            .formatted(trials.size(), trials.get(0).failure))));
  }

  private static Trial trial(Values values, ToDoubleFunction<Values> function) {
    try {
      double score = function.applyAsDouble(values);
      return Double.isFinite(score)
          ? new Trial(values, score, null)
          : new Trial(
              values,
              Double.NaN,
              String.format(Locale.ROOT, "The score is %s; expected a number.", score));
    } catch (DescryException e) {
      return new Trial(values, Double.NaN, e.getMessage());
    }
  }
}
