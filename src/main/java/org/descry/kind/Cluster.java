package org.descry.kind;

import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.descry.UsageException;
import org.descry.job.Job;
import org.descry.kind.bulk.BulkAnswers;
import org.descry.train.Training.Options;
import org.descry.train.TrainingProgress;

/** Many machines, where the program was built with them: found as a service. */
public interface Cluster {
  /**
   * The one on the class path.
   *
   * @throws UsageException if there is none
   */
  static Cluster find() {
    return ServiceLoader.load(Cluster.class).findFirst().orElseThrow(Cluster::missing);
  }

  /** What is said where the program was built without one. */
  static UsageException missing() {
    return new UsageException(
        "--cluster needs a build with Apache Spark, and this one has none; expected"
            + " descry-cluster.jar, which mvn -Pcluster package makes.");
  }

  /**
   * A training in as many processes as {@code training.split} says, each of which does a shard of
   * every batch.
   *
   * @param master of the cluster, as Spark names it, or {@code submitted} for that of spark-submit
   * @throws org.descry.DescryException if there can be no such run
   */
  Run train(String master, Job job, Options options, TrainingProgress progress);

  /**
   * Executors that answer about images; folders and model are those that they see under the same
   * paths.
   *
   * @param settings of the answers, see {@link ImageAnswers#settings}
   * @param format name of an {@link org.descry.kind.bulk.AnswerFormat}
   */
  Answering answering(
      String master,
      Path model,
      Map<String, Object> settings,
      Path input,
      Path output,
      String format);

  /** Executors that answer. */
  interface Answering extends BulkAnswers.Workers, AutoCloseable {
    /** Leaves the parts that are under way; may be called by any thread. */
    void stop();

    @Override
    void close();
  }

  /** A training on a cluster. */
  interface Run extends AutoCloseable {
    /** Where the results go. */
    Path folder();

    /** Asks it to end after the step that it is in; may be called by any thread. */
    void stop();

    /**
     * Trains, and leaves the run folder of a training on one machine.
     *
     * @throws org.descry.DescryException as a training on one machine, or if the cluster fails
     * @throws org.descry.train.TrainingStoppedException if it was asked to stop
     */
    Result run();

    @Override
    void close();
  }

  /**
   * How a training ended.
   *
   * @param headline what the best model reaches on the test part
   * @param bestEpoch that the model is of
   * @param time where it went, in the first of the processes
   * @param communication seconds of it that were spent on adding up gradients
   */
  record Result(String headline, int bestEpoch, String time, double communication) {}
}
