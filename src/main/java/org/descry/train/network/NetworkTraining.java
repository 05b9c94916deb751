package org.descry.train.network;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.job.NetworkJob;
import org.descry.replay.RecordedOutput;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Trains a program's own network on its own data as a batch job: a run folder with metrics, report
 * and the best model, checkpoints to go on from, early stopping, and recorded steps.
 *
 * <p>The network has been initialised; its listeners are told of steps and epochs. The best one, by
 * the validation part's loss, is in {@code model.zip}: {@code ComputationGraph.load} reads it. A
 * training that goes on enters its epoch behind the batches that were done, and has the bits of one
 * that was not interrupted if the iterators give the same batches each time.
 */
public final class NetworkTraining {
  private final NetworkJob job;
  private final ComputationGraph network;
  private final Map<String, ToDoubleFunction<ComputationGraph>> scores = new TreeMap<>();
  private MultiDataSetIterator train;
  private MultiDataSetIterator validation;
  private MultiDataSetIterator test;

  private NetworkTraining(NetworkJob job, ComputationGraph network) {
    this.job = job;
    this.network = network;
  }

  /** No data yet. */
  public static NetworkTraining of(NetworkJob job, ComputationGraph network) {
    return new NetworkTraining(job, network);
  }

  /** What it trains on; an iterator that can be reset. */
  public NetworkTraining train(MultiDataSetIterator data) {
    train = data;
    return this;
  }

  /** What it trains on; an iterator that can be reset. */
  public NetworkTraining train(DataSetIterator data) {
    return train(new MultiDataSetIteratorAdapter(data));
  }

  /** What the best epoch is chosen by. */
  public NetworkTraining validation(MultiDataSetIterator data) {
    validation = data;
    return this;
  }

  /** What the best epoch is chosen by. */
  public NetworkTraining validation(DataSetIterator data) {
    return validation(new MultiDataSetIteratorAdapter(data));
  }

  /** What the best model is measured on in the end; the validation part if there is none. */
  public NetworkTraining test(MultiDataSetIterator data) {
    test = data;
    return this;
  }

  /** What the best model is measured on in the end; the validation part if there is none. */
  public NetworkTraining test(DataSetIterator data) {
    return test(new MultiDataSetIteratorAdapter(data));
  }

  /**
   * A figure of the program's own, measured after each evaluated epoch and of the best model.
   *
   * @param name as in {@code metrics.jsonl}, such as {@code validationAccuracy}
   */
  public NetworkTraining score(String name, ToDoubleFunction<ComputationGraph> score) {
    scores.put(name, score);
    return this;
  }

  /**
   * The training, which is yet to run.
   *
   * @throws NullPointerException if there is no training or no validation part
   * @throws org.descry.DescryException as {@link Training#Training}
   */
  public Training training(Training.Options options, TrainingProgress progress) {
    Objects.requireNonNull(train, "Expected an iterator of the training part");
    Objects.requireNonNull(validation, "Expected an iterator of the validation part");
    return new Training(job.job(), (settings, limits, intake) -> task(), options, progress);
  }

  private NetworkTask task() {
    IteratorBatches held = new IteratorBatches("validation", validation);
    return new NetworkTask(
        network,
        RecordedOutput.of(network),
        job.training(),
        new IteratorBatches("training", train),
        held,
        test == null ? held : new IteratorBatches("test", test),
        Map.copyOf(scores));
  }
}
