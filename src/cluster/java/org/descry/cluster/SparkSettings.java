package org.descry.cluster;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.descry.UsageException;
import org.descry.job.Job;

/** What Spark is told about a training; what a user has set stays. */
final class SparkSettings {
  /** Master of a program that spark-submit has started: as that says. */
  static final String SUBMITTED = "submitted";

  /** Whether the first rank adds up all gradients, where executors cannot call one another. */
  static final String GATHER = "spark.descry.gather";

  /** Longest wait for another process, in seconds. */
  static final String TIMEOUT = "spark.descry.timeout";

  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*]");
  private static final Pattern STANDALONE = Pattern.compile("spark://[^:/ ]+:\\d+(,[^:/ ]+:\\d+)*");

  private SparkSettings() {}

  static SparkConf of(String master, Job job) {
    SparkConf conf = new SparkConf();
    int ranks = job.training().split();
    Matcher local = LOCAL_CLUSTER.matcher(master);
    if (local.matches()) {
      localCluster(conf, local, ranks);
    } else if (STANDALONE.matcher(master).matches()) {
      conf.setIfMissing("spark.cores.max", String.valueOf(ranks));
    } else if (!master.equals(SUBMITTED)) {
      throw new UsageException(
          "--cluster is %s; expected spark://HOST:PORT or local-cluster[EXECUTORS,CORES,MB], or spark-submit for others."
              .formatted(master));
    }
    if (!master.equals(SUBMITTED)) {
      conf.setMaster(master);
      ship(conf, local.matches());
    }
    if (conf.getBoolean("spark.network.crypto.enabled", false)) {
      throw new UsageException(
          "spark.network.crypto.enabled is true, but the executors' sums of gradients are not"
              + " encrypted; expected false, on a network of your own.");
    }
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new UsageException(
          "spark.dynamicAllocation.enabled is true, but all executors train together; expected"
              + " false.");
    }
    return conf.setIfMissing("spark.app.name", "descry " + job.name())
        .setIfMissing("spark.executorEnv.DESCRY_THREADS", threads())
        .setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "2s")
        .setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "60");
  }

  private static String threads() {
    String own = System.getenv("DESCRY_THREADS");
    return own == null ? "1" : own;
  }

  private static void localCluster(SparkConf conf, Matcher master, int ranks) {
    int cores = Integer.parseInt(master.group(1)) * Integer.parseInt(master.group(2));
    if (cores < ranks) {
      throw new UsageException(
          "--cluster is %s with %s cores, but training.split is %s; expected a core for each part."
              .formatted(master.group(), cores, ranks));
    }
    String home = System.getenv("SPARK_HOME");
    if (home == null || !Files.isDirectory(Path.of(home, "jars"))) {
      throw new UsageException(
          "SPARK_HOME is %s; expected a folder with a folder named jars in it, for local-cluster (it may be empty)."
              .formatted(home));
    }
    conf.setIfMissing("spark.executor.memory", master.group(3) + "m")
        .setIfMissing("spark.driver.host", "127.0.0.1")
        .setIfMissing("spark.driver.bindAddress", "127.0.0.1")
        .setIfMissing("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
        .setIfMissing("spark.ui.enabled", "false");
  }

  /** Executors on this machine read the same files; others are sent the program. */
  private static void ship(SparkConf conf, boolean local) {
    String classPath = System.getProperty("java.class.path");
    if (local) {
      conf.setIfMissing("spark.executor.extraClassPath", classPath);
    } else if (!conf.contains("spark.executor.extraClassPath")
        && !classPath.contains(File.pathSeparator)
        && classPath.endsWith(".jar")) {
      conf.setIfMissing("spark.jars", classPath);
    }
  }
}
