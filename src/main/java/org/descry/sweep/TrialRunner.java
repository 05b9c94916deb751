package org.descry.sweep;

import java.util.Optional;

/** Trains one job at a time for each of several callers. */
interface TrialRunner extends AutoCloseable {
  /**
   * Trains to the end.
   *
   * @return what came of it, a failure too; empty if the runner was closed first
   */
  Optional<Trial> run(TrialJob job);

  /** Ends what is under way. */
  @Override
  void close();
}
