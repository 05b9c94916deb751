package org.descry.sweep.worker;

import java.util.Optional;
import org.descry.sweep.trial.Trial;

/** Trains one job at a time for each of several callers. */
public interface TrialRunner extends AutoCloseable {
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
