package org.descry.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.descry.UsageException;
import org.descry.job.Job;
import org.descry.kind.Cluster;
import org.descry.train.Training.Options;
import org.descry.train.TrainingProgress;

/** Apache Spark 4 on Scala 2.13. */
public final class SparkCluster implements Cluster {
  private static final int OLDEST_JAVA = 17;
  private static final int NEWEST_JAVA = 21;
  private static final String SPARK = "4.";
  private static final String SCALA = "2.13.";

  /** As a service. */
  public SparkCluster() {}

  @Override
  public Run train(String master, Job job, Options options, TrainingProgress progress) {
    requireVersions();
    SparkConf conf = SparkSettings.of(master, job.name());
    SparkSettings.requireAllAtOnce(conf, master, job.training().split());
    return new SparkRun(conf, job, options, progress);
  }

  @Override
  public Answering answering(
      String master,
      Path model,
      Map<String, Object> settings,
      Path input,
      Path output,
      String format) {
    requireVersions();
    return new SparkAnswering(
        SparkSettings.of(master, output.getFileName().toString()),
        new AnswerTask(
            Setup.Versions.here(),
            model.toAbsolutePath().toString(),
            new HashMap<>(settings),
            input.toAbsolutePath().toString(),
            output.toAbsolutePath().toString(),
            format));
  }

  static void requireVersions() {
    requireVersions(
        Runtime.version().feature(),
        org.apache.spark.package$.MODULE$.SPARK_VERSION(),
        scala.util.Properties.versionNumberString());
  }

  /**
   * @throws UsageException if one of them is not what this was built for
   */
  static void requireVersions(int java, String spark, String scala) {
    if (java < OLDEST_JAVA || java > NEWEST_JAVA) {
      throw new UsageException(
          "Java is %s; expected %s to %s for --cluster.".formatted(java, OLDEST_JAVA, NEWEST_JAVA));
    }
    if (!spark.startsWith(SPARK) || !scala.startsWith(SCALA)) {
      throw new UsageException(
          "The cluster has Spark %s on Scala %s; expected Spark 4 on Scala 2.13."
              .formatted(spark, scala));
    }
  }
}
