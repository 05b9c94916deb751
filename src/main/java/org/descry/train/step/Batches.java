package org.descry.train.step;

import java.util.function.ToIntFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.UsageException;
import org.descry.data.BatchSource;
import org.descry.job.TrainingSettings;
import org.descry.model.CarriedState;
import org.descry.replay.RecordedStep;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The training part in batches, in a new order each epoch, and the steps on them. */
public final class Batches implements AutoCloseable {
  private static final Preparation PLAIN = (network, batch) -> batch;

  private final BatchSource data;
  private final Fitter fitter;
  private final ToIntFunction<MultiDataSet> examples;
  private final CarriedState carried;
  private final Preparation preparation;
  private MultiDataSet latest;
  private long waited;

  /**
   * How far a training is, beside its network.
   *
   * @param epoch 0 for the first
   * @param step number of the epoch's steps that are done
   * @param carried what the last of them leaves to the next: the recurrent state of a running text,
   *     float32 N x S; null elsewhere and at the start of an epoch
   */
  public record Position(int epoch, int step, INDArray carried) {
    /** The start of an epoch. */
    public static Position startOf(int epoch) {
      return new Position(epoch, 0, null);
    }
  }

  /** What is done to a batch before the step on it. */
  @FunctionalInterface
  public interface Preparation {
    /**
     * @param network before the step
     * @return the batch, or another that holds until the next step
     */
    MultiDataSet of(ComputationGraph network, MultiDataSet batch);
  }

  /**
   * Batches that are independent of one another.
   *
   * @param examples counts those of a batch, that the loss is a mean of
   */
  public Batches(
      BatchSource data, TrainingSettings settings, ToIntFunction<MultiDataSet> examples) {
    this(data, settings, examples, null, PLAIN);
  }

  /** The same, but each batch is prepared by the network. */
  public Batches(
      BatchSource data,
      TrainingSettings settings,
      ToIntFunction<MultiDataSet> examples,
      Preparation preparation) {
    this(data, settings, examples, null, preparation);
  }

  /**
   * @param carried what each batch leaves to the next; null for nothing
   */
  public Batches(
      BatchSource data,
      TrainingSettings settings,
      ToIntFunction<MultiDataSet> examples,
      CarriedState carried) {
    this(data, settings, examples, carried, PLAIN);
  }

  private Batches(
      BatchSource data,
      TrainingSettings settings,
      ToIntFunction<MultiDataSet> examples,
      CarriedState carried,
      Preparation preparation) {
    this.preparation = preparation;
    this.data = data;
    data.waitAtMost(TrainingSettings.duration(settings.dataTimeout()));
    if (settings.averageEvery() > 1 && preparation != PLAIN) {
      throw new UsageException(
          "training.averageEvery is %s, but expected 1 with scheduled sampling, whose words are the network's own."
              .formatted(settings.averageEvery()));
    }
    this.fitter = new Fitter(settings, carried != null);
    this.examples = examples;
    this.carried = carried;
  }

  /** Number of batches in an epoch. */
  public int count() {
    return data.batches();
  }

  /** Whether there is such a position. */
  public boolean holds(Position position) {
    return position.step <= count()
        && (carried == null || position.step == 0 || carried.takes(position.carried));
  }

  /** Goes on from a position, with the batches of a training that was never interrupted. */
  public void start(Position position) {
    if (carried != null) {
      if (position.step > 0 && position.carried == null) {
        throw new IllegalArgumentException(
            "Expected the state that step %s of epoch %s leaves to the next, got none"
                .formatted(position.step, position.epoch));
      }
      carried.set(position.carried);
    }
    fitter.begin();
    data.start(position.epoch, position.step);
  }

  /** The batch of the step before, for as long as no other one is asked for; null before that. */
  MultiDataSet latest() {
    return latest;
  }

  /** Nanoseconds that steps have waited for their batches. */
  public long waited() {
    return waited;
  }

  /** Where the time of steps went, beside that. */
  public RecordedStep.Spent spent() {
    return fitter.spent();
  }

  /** See {@link RecordedStep#parts}. */
  public int parts() {
    return fitter.parts();
  }

  /** Whether all shards have the same parameters now, so that the training can stop here. */
  public boolean together() {
    return fitter.together();
  }

  /** Brings shards with parameters of their own to their mean. */
  public void gather() {
    fitter.gather();
  }

  /** Number of this epoch's steps that are done. */
  public int step() {
    return data.step();
  }

  /** Where the next step is; what it carries is a copy. */
  public Position position() {
    return new Position(
        data.epoch(), data.step(), carried == null || data.step() == 0 ? null : carried.copy());
  }

  public boolean hasNext() {
    return data.hasNext();
  }

  /** The next batch, which holds until the one after it. */
  public MultiDataSet next() {
    return carried == null ? data.next() : carried.with(data.next());
  }

  /** Does a step on the next batch. */
  public Step fitNext(ComputationGraph network) {
    long asked = System.nanoTime();
    MultiDataSet batch = next();
    waited += System.nanoTime() - asked;
    batch = preparation.of(network, batch);
    latest = batch;
    Step step = fitter.fit(network, batch, examples.applyAsInt(batch));
    if (carried != null) {
      carried.keep(network);
    }
    return step;
  }

  @Override
  public void close() {
    data.close();
  }
}
