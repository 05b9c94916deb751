package org.descry.sweep.arbiter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.descry.sweep.trial.Objective;

/**
 * How bad candidates are ended early.
 *
 * @param epochs of a whole training
 * @param first after which epoch it is first decided
 * @param factor one candidate in so many goes on, for that many times the epochs
 */
public record Pruning(Kind kind, int epochs, int first, int factor) {
  /** Every candidate to its end. */
  public static final Pruning NONE = new Pruning(Kind.NONE, 1, 1, 1);

  /** Pieces before it that a piece does not depend on. */
  public static final int LAG = 8;

  /** The first decision comes after this share of the epochs: earlier ones deceive. */
  private static final int FIRST_SHARE = 9;

  /** Who is ended. */
  public enum Kind {
    NONE,
    /** Whoever is worse than the median of earlier candidates after as many epochs. */
    MEDIAN,
    /**
     * All pause at the first of some rungs, and the best part of each goes on to the next (Li et
     * al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020).
     */
    ASHA,
    /** The same, but some candidates begin at a higher rung, and some are never paused. */
    HYPERBAND;

    /** As the sweep file has it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param first null for a ninth of the epochs
   * @param evaluateEvery epochs from one evaluation to the next
   */
  public static Pruning of(Kind kind, int epochs, Integer first, int factor, int evaluateEvery) {
    int wanted = first == null ? (epochs + FIRST_SHARE - 1) / FIRST_SHARE : first;
    return new Pruning(
        kind, epochs, (wanted + evaluateEvery - 1) / evaluateEvery * evaluateEvery, factor);
  }

  /** Whether every candidate is trained to its end. */
  public boolean isNone() {
    return kind == Kind.NONE;
  }

  /** The epochs after which it is decided who goes on. */
  public List<Integer> rungs() {
    List<Integer> rungs = new ArrayList<>();
    for (long rung = first; rung < epochs; rung *= factor) {
      rungs.add((int) rung);
    }
    return rungs;
  }

  private boolean pauses() {
    return kind == Kind.ASHA || kind == Kind.HYPERBAND;
  }

  Schedule schedule(Objective objective) {
    return pauses()
        ? new Halving(rungs(), factor, kind == Kind.HYPERBAND, objective)
        : Schedule.WHOLE;
  }

  int lag(int ofStrategy) {
    return pauses() ? Math.min(LAG, ofStrategy) : ofStrategy;
  }
}
