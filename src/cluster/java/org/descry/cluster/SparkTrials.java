package org.descry.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.io.IoErrors;
import org.descry.job.JobFile;
import org.descry.sweep.trial.Trial;
import org.descry.sweep.worker.ClusterTrials;
import org.descry.sweep.worker.TrialJob;
import org.descry.sweep.worker.TrialRunner;
import org.descry.sweep.worker.TrialScores;
import org.descry.train.folder.FinishedRun;

/**
 * Candidates of a sweep as Spark's tasks, one each, into the sweep's folder, which all machines
 * see. Spark does those again that it loses; they go on from their checkpoint.
 */
public final class SparkTrials implements ClusterTrials {
  /** As a service. */
  public SparkTrials() {}

  @Override
  public TrialRunner create(String master, int threads, int retries, List<String> metrics) {
    SparkCluster.requireVersions();
    SparkConf conf =
        SparkSettings.of(master, "sweep")
            .set("spark.executorEnv.DESCRY_THREADS", String.valueOf(threads))
            .set("spark.task.maxFailures", String.valueOf(retries + 1));
    return new Runner(SparkSettings.connectToExecutors(conf), new TrialScores(metrics));
  }

  private static final class Runner implements TrialRunner {
    private static final long LOOK_MILLIS = 500;

    private final JavaSparkContext context;
    private final TrialScores scores;
    private volatile boolean closed;

    Runner(JavaSparkContext context, TrialScores scores) {
      this.context = context;
      this.scores = scores;
    }

    @Override
    public Optional<Trial> run(TrialJob job, Watch watch) {
      long begun = System.nanoTime();
      Path stop =
          job.folder().resolveSibling(job.folder().getFileName() + ".stop").toAbsolutePath();
      try {
        Files.createDirectories(stop.getParent());
        Files.deleteIfExists(stop);
        watch.begin(() -> ask(stop));
        TrialTask task =
            new TrialTask(
                Setup.Versions.here(),
                JobFile.resolved(job.job()),
                stop.getParent().toString(),
                stop.toString(),
                job.until());
        String told =
            follow(context.parallelize(List.of(0), 1).map(task).collectAsync(), job, watch);
        if (told.startsWith(TrialTask.UNFIT)) {
          throw new UsageException(told.substring(TrialTask.UNFIT.length()));
        }
        double seconds = seconds(begun);
        return Optional.of(
            told.isEmpty() || told.equals(TrialTask.PAUSED)
                ? scores.of(job, seconds, !told.isEmpty())
                : job.failed(seconds, told));
      } catch (IOException e) {
        throw IoErrors.unwritable(stop, e);
      } catch (ExecutionException | IllegalStateException e) { // the latter from a closed context
        if (closed) {
          return Optional.empty();
        }
        if (context.sc().isStopped()) { // no candidate can be trained any more
          throw SparkSettings.ended(e);
        }
        String reason = SparkSettings.firstLine(e);
        return Optional.of(
            job.died(seconds(begun), "Its executor was lost (%s).".formatted(reason)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      } finally {
        stop.toFile().delete();
      }
    }

    private static double seconds(long since) {
      return Math.round((System.nanoTime() - since) / 1e6) / 1e3;
    }

    private static void ask(Path stop) {
      try {
        Files.writeString(stop, "");
      } catch (IOException e) {
        throw IoErrors.unwritable(stop, e);
      }
    }

    /** Waits, and tells meanwhile which epochs the run folder has. */
    private static String follow(JavaFutureAction<List<String>> task, TrialJob job, Watch watch)
        throws ExecutionException, InterruptedException {
      Set<Integer> told = new HashSet<>();
      while (true) {
        try {
          return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS).get(0);
        } catch (TimeoutException e) {
          tell(job, watch, told);
        }
      }
    }

    private static void tell(TrialJob job, Watch watch, Set<Integer> told) {
      try {
        FinishedRun.epochs(job.folder()).stream()
            .filter(epoch -> told.add(epoch.epoch()))
            .forEach(watch::epoch);
      } catch (DescryException e) {
        // There are none yet, or the last one is being written.
      }
    }

    @Override
    public void close() {
      closed = true;
      context.cancelAllJobs();
      context.close();
    }
  }
}
