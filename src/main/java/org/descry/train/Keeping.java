package org.descry.train;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DivergedException;
import org.descry.MemoryException;
import org.descry.engine.Memory;
import org.descry.job.CheckpointSettings;
import org.descry.job.OnDivergence;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.Origin;
import org.descry.train.checkpoint.TrainingState;
import org.descry.train.step.Batches;
import org.descry.train.step.Divergence;
import org.descry.train.step.SlowWeights;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Writes checkpoints and models into the journal when it is time to, and counts the time. What a
 * model or an end does not wait for is copied, and written while the training goes on.
 */
final class Keeping implements AutoCloseable {
  private final CheckpointSettings settings;
  private final ComputationGraph network;
  private final Learner learner;
  private final Divergence divergence;
  private final Stopwatch time;
  private final RunJournal journal;
  private final Origin origin;
  private final Metric selection;
  private final Aside aside = new Aside();
  private final Map<String, INDArray> copies = new TreeMap<>();
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
      Divergence divergence,
      Stopwatch time,
      RunJournal journal,
      Origin origin,
      Metric selection) {
    this.settings = settings;
    this.network = network;
    this.learner = learner;
    this.divergence = divergence;
    this.time = time;
    this.journal = journal;
    this.origin = origin;
    this.selection = selection;
  }

  /**
   * Whether a checkpoint is due, by steps or time.
   *
   * @throws org.descry.DescryException if one could not be written
   */
  boolean due() {
    aside.check();
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
   * Keeps a checkpoint, of parameters that are finite.
   *
   * @param here where the next step is
   * @param waiting whether it is on the disk when this returns
   */
  void checkpoint(Course course, Batches.Position here, boolean waiting) {
    divergence.requireFiniteParameters(here.epoch() + 1);
    long start = System.nanoTime();
    Checkpoint now = new Checkpoint(state(course, here), arrays(here));
    settle(); // the copies are free again
    Optional<Checkpoint> copy = waiting ? Optional.empty() : copy(now);
    if (copy.isPresent()) {
      aside.begin(() -> journal.checkpoint(copy.get(), selection));
    } else {
      journal.checkpoint(now, selection);
    }
    time.saved(start);
    written = System.nanoTime();
    writtenAfter = network.getIterationCount();
  }

  /** Empty if there is no room for one. */
  private Optional<Checkpoint> copy(Checkpoint of) {
    try {
      Map<String, INDArray> arrays = new TreeMap<>();
      of.arrays().forEach((name, array) -> arrays.put(name, copy(name, array)));
      return Optional.of(new Checkpoint(of.state(), arrays));
    } catch (MemoryException e) {
      return Optional.empty();
    }
  }

  /** In the memory of the copy before: the system takes longer to give new memory than to copy. */
  private INDArray copy(String name, INDArray array) {
    INDArray copy = copies.get(name);
    if (copy == null || !copy.equalShapes(array)) {
      Memory.require(array.dataType(), array.shape());
      copy = Nd4j.createUninitializedDetached(array.dataType(), array.shape());
      copies.put(name, copy);
    }
    return copy.assign(array);
  }

  /**
   * Waits until all is on the disk.
   *
   * @throws org.descry.DescryException if it could not be written
   */
  void settle() {
    aside.close();
  }

  /** The same at the end. */
  @Override
  public void close() {
    try {
      settle();
    } finally {
      copies.values().forEach(INDArray::close);
      copies.clear();
    }
  }

  private Map<String, INDArray> arrays(Batches.Position here) {
    Map<String, INDArray> arrays = learner.arrays();
    if (here.carried() != null) {
      arrays.put(Checkpoint.CARRIED, here.carried());
    }
    return arrays;
  }

  private TrainingState state(Course course, Batches.Position here) {
    return new TrainingState(
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
  }

  /** Saves the network, or its slow weights, as the model to keep. */
  void model(EpochMetrics metrics) {
    try (SlowWeights.Scope scope = learner.slowly()) {
      long start = System.nanoTime();
      journal.model(metrics);
      time.saved(start);
    }
  }

  /**
   * The newest checkpoint from before a divergence.
   *
   * @param rule what follows on it; null for nothing
   * @param times that it was gone back so far
   * @throws DivergedException for the same reason, where there is none or no going back
   */
  Checkpoint proven(DivergedException reason, OnDivergence rule, int times) {
    settle(); // for the newest may be under way
    Optional<Checkpoint> last =
        journal.newest(state -> state.isProven(network.getIterationCount()));
    boolean back = rule != null && rule.rollback() && times < rule.times();
    if (!back || last.isEmpty()) {
      String newest =
          last.map(Checkpoint::state)
              .map(state -> " The last good checkpoint is after step " + state.iteration() + ".")
              .orElse(back ? " There is no checkpoint from before that to go back to." : "");
      throw new DivergedException(reason.getMessage() + newest);
    }
    return last.get();
  }

  /** Goes back, or on, to a checkpoint. */
  void restore(Checkpoint from, Course course) {
    learner.restore(from);
    course.restore(from);
    learner.watch(course.pass);
    journal.metrics(course.done());
  }
}
