package org.descry.train;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Intake;
import org.descry.job.Job;
import org.descry.job.TrainingSettings;

/**
 * Loads a task on a thread of its own, since nothing ends a read from a network folder that no
 * longer answers: that thread is left behind, and the training ends.
 */
final class Loading {
  private static final long CHECK_MILLIS = 100;

  private Loading() {}

  /**
   * @throws DataException if a file or folder takes longer than the job gives it
   * @throws TrainingStoppedException if it was asked to stop
   */
  static Task load(
      Task.Loader loader, Job job, Task.Limits limits, Intake intake, StopSignal stop) {
    FutureTask<Task> task = new FutureTask<>(() -> loader.load(job, limits, intake));
    Thread thread = new Thread(task, "descry-data");
    thread.setDaemon(true);
    thread.start();
    try {
      while (true) {
        try {
          return task.get(CHECK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          requireGoingOn(intake, stop, job.training().dataTimeout());
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // a loader throws no other
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DescryException("Interrupted while the data were read.", e);
    } finally {
      if (!task.isDone()) {
        intake.cancel();
      }
    }
  }

  private static void requireGoingOn(Intake intake, StopSignal stop, String timeout) {
    if (stop.asked()) {
      throw new TrainingStoppedException(
          "Stopped while the data were read; the same command begins again.");
    }
    Duration longest = TrainingSettings.duration(timeout);
    intake
        .stuck(longest)
        .ifPresent(
            source -> {
              throw new DataException(
                  "%s has not been read to its end after %s (training.dataTimeout); expected a file or folder that answers, or a longer time."
                      .formatted(source, timeout));
            });
  }
}
