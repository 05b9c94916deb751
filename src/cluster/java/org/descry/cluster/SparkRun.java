package org.descry.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.io.IoErrors;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Cluster;
import org.descry.train.Training.Options;
import org.descry.train.Training.Start;
import org.descry.train.TrainingProgress;
import org.descry.train.TrainingStoppedException;
import org.descry.train.folder.EarlierRun;
import org.descry.train.folder.RunCopy;
import org.descry.train.folder.RunFolder;
import org.descry.train.folder.RunPlace;
import scala.reflect.ClassTag$;

/**
 * A training whose ranks are the tasks of one barrier stage. The driver holds the run folder, which
 * the first rank fills. When an executor is lost, Spark ends the stage, and the ranks begin again
 * from the last checkpoint.
 */
final class SparkRun implements Cluster.Run {
  /** Whoever loses executors more often has another trouble. */
  private static final int ATTEMPTS = 10;

  private static final int MILLIS = 1000;

  /** Spark's name of the error. */
  private static final String TOO_FEW_CORES = "SPARK-24819";

  private final SparkConf conf;
  private final Job job;
  private final Options options;
  private final TrainingProgress progress;
  private final RunPlace place;
  private volatile DriverServer server;
  private volatile boolean stopped;

  SparkRun(SparkConf conf, Job job, Options options, TrainingProgress progress) {
    this.conf = conf;
    this.job = job;
    this.options = options;
    this.progress = progress;
    place =
        RunPlace.of(
            job,
            options.runId(),
            resumes(),
            last -> options.start() != Start.RESUME && EarlierRun.finished(last.folder()));
  }

  private boolean resumes() {
    return options.start() == Start.RESUME || options.start() == Start.AUTO;
  }

  @Override
  public Path folder() {
    return place.folder();
  }

  @Override
  public void stop() {
    stopped = true;
    if (server != null) {
      server.stop();
    }
  }

  @Override
  public Cluster.Result run() {
    Secret secret = Secret.draw(SparkSettings.encrypts(conf));
    int timeout = Math.toIntExact(conf.getTimeAsSeconds(SparkSettings.TIMEOUT, "600s") * MILLIS);
    try (RunFolder folder = claim();
        JavaSparkContext context = SparkSettings.connect(conf)) {
      String host = context.getConf().get("spark.driver.host");
      InetAddress own =
          InetAddress.getByName(context.getConf().get("spark.driver.bindAddress", host));
      try (DriverServer driver = new DriverServer(own, secret, timeout, folder, progress)) {
        server = driver;
        if (stopped) {
          driver.stop();
        }
        Setup setup =
            new Setup(
                JobFile.resolved(job),
                secret,
                host,
                driver.port(),
                conf.getBoolean(SparkSettings.GATHER, false),
                timeout,
                Setup.Versions.here());
        return train(context, folder, setup, driver);
      }
    } catch (IOException e) {
      throw new DescryException("The driver cannot be called: " + IoErrors.of(e) + ".", e);
    }
  }

  private RunFolder claim() {
    if (!resumes()) {
      return RunFolder.claim(place.dir(), place.name(), options.start() == Start.REPLACE);
    }
    RunFolder folder = RunFolder.claimToResume(place.dir(), place.name());
    if (options.start() == Start.RESUME && !folder.hasCheckpoints()) {
      folder.close();
      throw new UsageException(
          "There is no checkpoint in %s to go on from; expected one: --resume=auto begins anew then."
              .formatted(folder()));
    }
    return folder;
  }

  private Cluster.Result train(
      JavaSparkContext context, RunFolder folder, Setup setup, DriverServer driver)
      throws IOException {
    boolean begun = false;
    for (int attempt = 1; ; attempt++) {
      if (begun || resumes() && folder.hasCheckpoints()) {
        folder.reopen();
      } else {
        folder.begin();
      }
      begun = true;
      place.setLatest();
      String lost = attempt(context, folder, setup);
      if (driver.result() != null) {
        return driver.result();
      }
      if (driver.stopped() != null) {
        throw new TrainingStoppedException(driver.stopped());
      }
      DescryException failure = driver.takeFailure();
      if (failure != null) {
        throw failure;
      }
      if (driver.stopWanted()) {
        throw new TrainingStoppedException(
            "Stopped while executors were started; the same command begins again.");
      }
      if (attempt == ATTEMPTS) {
        throw new DescryException(
            "The cluster has lost executors %s times, the last time so: %s; expected ones that stay."
                .formatted(ATTEMPTS, lost));
      }
      progress.note(
          "Executors were lost (%s): the training goes on from the last checkpoint."
              .formatted(lost));
    }
  }

  /** Returns what Spark says if it fails. */
  private String attempt(JavaSparkContext context, RunFolder folder, Setup setup)
      throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    for (Map.Entry<String, Path> file : new RunCopy(folder).files().entrySet()) {
      files.put(file.getKey(), Files.readAllBytes(file.getValue()));
    }
    Broadcast<Map<String, byte[]>> broadcast = context.broadcast(files);
    int ranks = job.training().split();
    List<Integer> numbers = IntStream.range(0, ranks).boxed().toList();
    try {
      context
          .parallelize(numbers, ranks)
          .rdd()
          .barrier()
          .mapPartitions(
              new RankTask(setup, broadcast), false, ClassTag$.MODULE$.apply(Integer.class))
          .collect();
      return "no rank has told its end";
    } catch (Exception e) { // a SparkException, which Java does not see in Scala's signatures
      if (context.sc().isStopped()) {
        throw SparkSettings.ended(e);
      }
      String reason = SparkSettings.firstLine(e);
      if (reason.contains(TOO_FEW_CORES)) {
        throw new DescryException(
            "The cluster has had fewer than %s cores for %s s; expected one for each part (training.split). --resume=auto goes on then."
                .formatted(ranks, SparkSettings.startSeconds(conf)),
            e);
      }
      return reason;
    } finally {
      if (!context.sc().isStopped()) {
        broadcast.destroy();
      }
    }
  }

  @Override
  public void close() {
    stop();
  }
}
