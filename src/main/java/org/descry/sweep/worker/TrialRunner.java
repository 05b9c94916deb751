package org.descry.sweep.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.descry.data.SharedData;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.trial.Trial;

/** Trains one job at a time for each of several callers. */
public interface TrialRunner extends AutoCloseable {
  /** Makes what trains. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param workers most trainings at the same time: as many as there are callers
     * @param threads of each
     * @param retries after a process died
     * @param metrics that trainings are judged by, the first first
     */
    TrialRunner create(int workers, int threads, int retries, List<String> metrics);
  }

  /** Is told how a training goes. */
  interface Watch {
    /** Hears nothing. */
    Watch NONE = new Watch() {};

    /**
     * The training is about to begin.
     *
     * @param stop ends it soon; what it has done so far counts
     */
    default void begin(Runnable stop) {}

    /** An epoch is done; some may be told twice, and some not at all before it has ended. */
    default void epoch(EpochMetrics metrics) {}
  }

  /**
   * Trains to the end, or to where the job is to pause.
   *
   * @return what came of it, a failure too; empty if the runner was closed first
   */
  Optional<Trial> run(TrialJob job, Watch watch);

  /**
   * To be called before the first training, if at all.
   *
   * @param data that trainings may need, decoded
   * @param file where they may lie for as long as there are trainings
   */
  default void share(SharedData.Content data, Path file) {}

  /** Ends what is under way. */
  @Override
  void close();
}
