package org.descry.cluster;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.io.Deserialization;

/** What Spark is told; what a user has set stays. */
final class SparkSettings {
  /** Master of a program that spark-submit has started: as that says. */
  static final String SUBMITTED = "submitted";

  /** Whether the first rank adds up all gradients, where executors cannot call one another. */
  static final String GATHER = "spark.descry.gather";

  /** Longest wait for another process, in seconds. */
  static final String TIMEOUT = "spark.descry.timeout";

  /** Longest wait for executors to start, in seconds. */
  private static final String START = "spark.descry.startTimeout";

  /** Of the name that Spark gives a program which no master has given one. */
  private static final String NOT_REGISTERED = "spark-application-";

  private static final int LOOK_SECONDS = 2;
  private static final long LOOK_NANOS = 200_000_000;
  private static final String BARRIER_CHECK = "spark.scheduler.barrier.maxConcurrentTasksCheck.";
  private static final String DYNAMIC = "spark.dynamicAllocation.enabled";
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*]");
  private static final Pattern STANDALONE = Pattern.compile("spark://[^:/ ]+:\\d+(,[^:/ ]+:\\d+)*");

  private SparkSettings() {}

  /**
   * @param name of what runs, which the cluster shows
   */
  static SparkConf of(String master, String name) {
    SparkConf conf = new SparkConf();
    Matcher local = LOCAL_CLUSTER.matcher(master);
    if (local.matches()) {
      localCluster(conf, local);
    } else if (!STANDALONE.matcher(master).matches() && !master.equals(SUBMITTED)) {
      throw new UsageException(
          "--cluster is %s; expected spark://HOST:PORT or local-cluster[EXECUTORS,CORES,MB], or spark-submit for others."
              .formatted(master));
    }
    if (!master.equals(SUBMITTED)) {
      conf.setMaster(master);
      ship(conf, local.matches());
    }
    return conf.setIfMissing("spark.app.name", "descry " + name)
        .setIfMissing("spark.executorEnv.DESCRY_THREADS", threads());
  }

  /** For a training, whose parts start together or not at all. */
  static void requireAllAtOnce(SparkConf conf, String master, int parts) {
    Matcher local = LOCAL_CLUSTER.matcher(master);
    if (local.matches()
        && Integer.parseInt(local.group(1)) * Integer.parseInt(local.group(2)) < parts) {
      throw new UsageException(
          "--cluster is %s, but training.split is %s; expected a core for each part."
              .formatted(master, parts));
    }
    if (conf.getBoolean(DYNAMIC, false)) {
      throw new UsageException(
          "spark.dynamicAllocation.enabled is true, but all executors train together; expected"
              + " false.");
    }
    conf.setIfMissing("spark.cores.max", String.valueOf(parts))
        .setIfMissing(BARRIER_CHECK + "interval", LOOK_SECONDS + "s")
        .setIfMissing(
            BARRIER_CHECK + "maxFailures", String.valueOf(startSeconds(conf) / LOOK_SECONDS));
  }

  /** Whether Spark encrypts what its processes send, so that ours have to. */
  static boolean encrypts(SparkConf conf) {
    return Stream.of(
            "spark.network.crypto.enabled",
            "spark.authenticate.enableSaslEncryption",
            "spark.ssl.enabled",
            "spark.ssl.rpc.enabled")
        .anyMatch(name -> conf.getBoolean(name, false));
  }

  /**
   * @throws DescryException if the cluster does not answer
   */
  static JavaSparkContext connect(SparkConf conf) {
    Deserialization.accept();
    String master = conf.get("spark.master", "no master");
    Masters.requireOne(master);
    JavaSparkContext context;
    try {
      context = new JavaSparkContext(conf);
    } catch (Exception e) { // a SparkException, too, which Java does not see in Scala's signatures
      throw notStarted(master, firstLine(e), e);
    }
    if (Masters.isStandalone(master) && context.sc().applicationId().startsWith(NOT_REGISTERED)) {
      context.close();
      throw notStarted(master, "it does not take the program", null);
    }
    return context;
  }

  private static DescryException notStarted(String master, String reason, Exception e) {
    return new DescryException(
        "Spark does not start on %s (%s); expected a master that answers, and its secret (spark.authenticate.secret) where it has one."
            .formatted(master, reason),
        e);
  }

  /**
   * For work that begins with any executor. Spark itself would wait for the first one without end.
   *
   * @throws DescryException if the cluster does not answer, or gives no executor
   */
  static JavaSparkContext connectToExecutors(SparkConf conf) {
    JavaSparkContext context = connect(conf);
    long seconds = startSeconds(conf);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!hasExecutors(context)) {
      if (context.sc().isStopped() || System.nanoTime() > end) {
        context.close();
        throw new DescryException(
            "%s has started no executor in %s s; expected a free worker with room for spark.executor.memory."
                .formatted(conf.get("spark.master"), seconds));
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return context;
  }

  static long startSeconds(SparkConf conf) {
    return conf.getTimeAsSeconds(START, "120s");
  }

  private static boolean hasExecutors(JavaSparkContext context) {
    return context.getConf().getBoolean(DYNAMIC, false) // they start when there are tasks
        || context.sc().isLocal()
        || context.sc().getExecutorMemoryStatus().size() > 1; // the driver is one of them
  }

  /** Of a program whose context is no more, without its doing. */
  static DescryException ended(Exception e) {
    return new DescryException(
        "The cluster has ended the program (%s); expected a master that goes on: --resume."
            .formatted(firstLine(e)),
        e);
  }

  static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }

  private static String threads() {
    String own = System.getenv("DESCRY_THREADS");
    return own == null ? "1" : own;
  }

  private static void localCluster(SparkConf conf, Matcher master) {
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
