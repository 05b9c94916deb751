package org.descry.sweep;

import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Objective;

/** Is told how a sweep goes; calls come one at a time, from several threads. */
public interface SweepProgress {
  /** Hears nothing. */
  SweepProgress NONE = new SweepProgress() {};

  /**
   * What is about to be searched.
   *
   * @param name of the sweep
   * @param strategy {@code random}, {@code grid} or {@code genetic}
   * @param objective what is optimised
   * @param candidates how many there will be at most; {@code Integer.MAX_VALUE} for no limit
   * @param repeats trainings of each
   * @param workers trainings at the same time
   * @param threads of each worker
   * @param resumed trainings that earlier runs have done
   */
  record Plan(
      String name,
      String strategy,
      Objective objective,
      int candidates,
      int repeats,
      int workers,
      int threads,
      int resumed) {}

  /**
   * Where the sweep stands.
   *
   * @param done candidates that are done, failed ones too
   * @param running trainings under way
   * @param failed candidates without a score
   * @param best score so far; NaN for none
   * @param bestCandidate its number; -1 for none
   * @param secondsLeft an estimate; NaN while there is none
   */
  record State(
      int done, int running, int failed, double best, int bestCandidate, double secondsLeft) {}

  /** The search begins. */
  default void started(Plan plan) {}

  /** A training begins or ends. */
  default void state(State state) {}

  /** A candidate is done, in this run or an earlier one. */
  default void candidate(Candidate candidate, State state) {}
}
