package org.descry.train;

import java.time.Duration;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.job.CheckpointSettings;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.Origin;
import org.descry.train.checkpoint.TrainingState;
import org.descry.train.step.Batches;
import org.descry.train.step.SlowWeights;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Writes checkpoints and models into the journal when it is time to, and counts the time. */
final class Keeping {
  private final CheckpointSettings settings;
  private final ComputationGraph network;
  private final Learner learner;
  private final Stopwatch time;
  private final RunJournal journal;
  private final Origin origin;
  private final Metric selection;
  private long written = System.nanoTime();
  private int writtenAfter = -1;

  /**
   * @param origin what checkpoints say that the training was begun with
   * @param selection what the best epochs are found by
   */
  Keeping(
      CheckpointSettings settings,
      ComputationGraph network,
      Learner learner,
      Stopwatch time,
      RunJournal journal,
      Origin origin,
      Metric selection) {
    this.settings = settings;
    this.network = network;
    this.learner = learner;
    this.time = time;
    this.journal = journal;
    this.origin = origin;
    this.selection = selection;
  }

  /** Whether a checkpoint is due, by steps or time. */
  boolean due() {
    return settings.afterStep(
        network.getIterationCount(), Duration.ofNanos(System.nanoTime() - written));
  }

  /** Whether a checkpoint was written after the last step. */
  boolean upToDate() {
    return writtenAfter == network.getIterationCount();
  }

  boolean dueAfter(int epoch) {
    return due() || settings.afterEpoch(epoch);
  }

  /**
   * @param here where the next step is
   */
  void checkpoint(Course course, Batches.Position here) {
    long start = System.nanoTime();
    Map<String, INDArray> arrays = learner.arrays();
    if (here.carried() != null) {
      arrays.put(Checkpoint.CARRIED, here.carried());
    }
    TrainingState state =
        new TrainingState(
            origin,
            here.epoch(),
            here.step(),
            network.getIterationCount(),
            learner.watched(course.pass),
            learner.rate().state(),
            course.done(),
            course.best(),
            course.rollbacks(),
            course.firstLoss(),
            time.seconds());
    journal.checkpoint(new Checkpoint(state, arrays), selection);
    time.saved(start);
    written = System.nanoTime();
    writtenAfter = network.getIterationCount();
  }

  /** Saves the network, or its slow weights, as the model to keep. */
  void model(EpochMetrics metrics) {
    try (SlowWeights.Scope scope = learner.slowly()) {
      long start = System.nanoTime();
      journal.model(metrics);
      time.saved(start);
    }
  }

  /** Goes back, or on, to a checkpoint. */
  void restore(Checkpoint from, Course course) {
    learner.restore(from);
    course.restore(from);
    learner.watch(course.pass);
    journal.metrics(course.done());
  }
}
