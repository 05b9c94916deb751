package org.descry.cluster;

import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.descry.DescryException;
import org.descry.ExitCode;
import org.descry.kind.Cluster;

/** Parts of many images as Spark's tasks, which Spark does again where an executor is lost. */
final class SparkAnswering implements Cluster.Answering {
  private final JavaSparkContext context;
  private final AnswerTask task;
  private volatile boolean stopped;

  SparkAnswering(SparkConf conf, AnswerTask task) {
    context = SparkSettings.connectToExecutors(conf);
    this.task = task;
  }

  @Override
  public void answer(List<Integer> numbers) {
    List<String> failures;
    try {
      failures =
          context
              .parallelize(numbers, numbers.size())
              .map(task)
              .filter(told -> !told.isEmpty())
              .collect();
    } catch (RuntimeException e) {
      if (stopped) {
        throw (CancellationException) new CancellationException().initCause(e);
      }
      throw new DescryException(
          "The cluster has failed (%s); the same command goes on."
              .formatted(SparkSettings.firstLine(e)),
          e);
    }
    if (!failures.isEmpty()) {
      String[] told = failures.get(0).split(" ", 2);
      throw new RankException(ExitCode.valueOf(told[0]), told[1]);
    }
  }

  @Override
  public void stop() {
    stopped = true;
    context.cancelAllJobs();
  }

  @Override
  public void close() {
    context.close();
  }
}
