package org.descry.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.api.java.function.Function;
import org.descry.DescryException;
import org.descry.engine.Engine;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.metrics.EpochMetrics;
import org.descry.train.Training;
import org.descry.train.Training.Start;
import org.descry.train.TrainingProgress;
import org.descry.train.TrainingStoppedException;

/**
 * Trains one candidate of a sweep. Says nothing, that it has paused, or what went wrong.
 *
 * @param versions of Java and Descry that the driver has
 * @param job as a job file
 * @param dir that the run folder lies in
 * @param stop the file that asks it to stop
 * @param until the epoch after which it pauses
 */
record TrialTask(Setup.Versions versions, String job, String dir, String stop, int until)
    implements Function<Integer, String> {
  /** Said where it has stopped before its end. */
  static final String PAUSED = "paused";

  /** Said before why this executor can train no candidate at all. */
  static final String UNFIT = "unfit: ";

  private static final long serialVersionUID = 1L;
  private static final long LOOK_NANOS = 200_000_000;

  @Override
  public String call(Integer any) {
    try {
      versions.requireHere();
    } catch (DescryException e) {
      return UNFIT + e.getMessage();
    }
    try {
      Engine.start();
      Job settings = JobFile.parse("the candidate's job", job).job();
      Watch watch = new Watch(Path.of(stop), until);
      Training.Options options =
          new Training.Options(Start.AUTO_OR_REPLACE, null, false, 0, Path.of(dir));
      watch.training = Kinds.training(settings, options, watch);
      if (!watch.training.finished()) {
        watch.training.run();
      }
      return "";
    } catch (TrainingStoppedException e) {
      return PAUSED;
    } catch (DescryException e) {
      return e.getMessage();
    } catch (RuntimeException e) {
      return "Unexpected failure: " + e;
    }
  }

  /** Ends the training when it is asked to, or at its epoch. */
  private static final class Watch implements TrainingProgress {
    private final Path stop;
    private final int until;
    private Training training;
    private long looked;

    Watch(Path stop, int until) {
      this.stop = stop;
      this.until = until;
    }

    @Override
    public void goesOn(int epoch, int step) {
      if (epoch > until) {
        training.stop();
      }
    }

    @Override
    public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
      if (System.nanoTime() - looked > LOOK_NANOS) {
        looked = System.nanoTime();
        if (Files.exists(stop)) {
          training.stop();
        }
      }
    }

    @Override
    public void epoch(EpochMetrics metrics, boolean best) {
      if (metrics.epoch() >= until) {
        training.stop();
      }
    }
  }
}
