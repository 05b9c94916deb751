package org.descry.replay;

import java.util.function.LongSupplier;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.dnn.Precision;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Both passes of a {@link RecordedStep}, over a batch as a whole or in shards: recorded for the
 * first batch of a shape, then replayed.
 */
final class RecordedPasses {
  private final ComputationGraph network;
  private final Precision precision;
  private final Halving halving;
  private final Division division;
  private final Group group;
  private final GraphWalk walk;
  private final PlanMemory memory = new PlanMemory();
  private final Plans<Passes> plans = new Plans<>();
  private INDArray gradientView;
  private Shards shards;

  /** Whether halves are faster than the whole. */
  @FunctionalInterface
  interface Halving {
    /**
     * @param values counts those that the layers hand on to one another, which takes a forward pass
     */
    boolean faster(LongSupplier values);
  }

  /**
   * What recorded passes leave.
   *
   * @param shared whether the batch was done in shards
   */
  private record Passes(Gradient gradients, boolean shared) {}

  private RecordedPasses(
      ComputationGraph network,
      Precision precision,
      Halving halving,
      Division division,
      Group group) {
    this.network = network;
    this.precision = precision;
    this.halving = halving;
    this.division = division;
    this.group = group;
    walk = new GraphWalk(network);
  }

  /**
   * Of the whole, or of halves.
   *
   * @param halving whether a batch is done in halves, if it can be
   */
  static RecordedPasses halving(ComputationGraph network, Precision precision, Halving halving) {
    return new RecordedPasses(network, precision, halving, Division.HALVES, null);
  }

  /**
   * Of the shards of each batch that can be divided so.
   *
   * @param group of processes that do a shard each; null where this process does all
   */
  static RecordedPasses sharing(
      ComputationGraph network, Precision precision, Division division, Group group) {
    return new RecordedPasses(network, precision, null, division, group);
  }

  /** Why they cannot be recorded, as part of a sentence; null if they can. */
  String obstacle() {
    return walk.trainingObstacle();
  }

  /** When the forward half of the latest was done. */
  long forwardDone() {
    return walk.forwardDone();
  }

  /** In how many parts batches were done so far: the largest number. */
  int parts() {
    return shards == null ? 1 : shards.parts();
  }

  /** How many shapes of batches are recorded. */
  int plans() {
    return plans.size();
  }

  /** Forward and backward: the network gets its score, and its gradients are returned. */
  Gradient run(MultiDataSet batch) {
    if (network.getFlattenedGradients() == null) {
      network.initGradientsView();
    }
    if (network.getFlattenedGradients() != gradientView) {
      plans.clear();
      gradientView = network.getFlattenedGradients();
    }
    walk.at(network.getIterationCount(), network.getEpochCount());
    INDArray[] features = batch.getFeatures();
    INDArray[] labels = batch.getLabels();
    INDArray[] masks = batch.getFeaturesMaskArrays();
    INDArray[] labelMasks = batch.getLabelsMaskArrays();
    Plans.Plan<Passes> plan = plans.find(features, labels, masks, labelMasks);
    boolean first = plan == null;
    boolean shared = first ? shared(features, labels, masks, labelMasks) : plan.result().shared;
    if (shared) {
      shards.at(network.getIterationCount(), network.getEpochCount());
    }
    if (first && shared) {
      plan = plans.keep(this::recordShards, features, labels, masks, labelMasks);
    } else if (first) {
      memory.startOver();
      plan = plans.record(this::record, features, labels, masks, labelMasks);
    } else {
      walk.beforeReplay();
      plan.replay(features, labels, masks, labelMasks);
    }
    network.setInputs(features);
    network.setLabels(labels);
    double regularization = network.calcRegularizationScore(true);
    network.setScore(shared ? shards.score(regularization) : walk.score(regularization, memory));
    if (first) {
      walk.clear();
    }
    if (first && shared) {
      shards.clear();
    }
    return plan.result().gradients;
  }

  /** Whether a batch of a new shape is done in shards; if so they are made ready. */
  private boolean shared(INDArray[]... batch) {
    if (halving == null ? !division.divides(batch) : !halved(batch)) {
      return false;
    }
    if (shards == null) {
      shards = new Shards(network, walk, memory, precision, division, group);
    }
    return true;
  }

  private boolean halved(INDArray[]... batch) {
    return Dnn.on()
        && gradientView.dataType() == DataType.FLOAT
        && walk.takesExamplesApart()
        && Division.rowsAreExamples(batch)
        && division.divides(batch)
        && halving.faster(() -> values(batch));
  }

  /** How many values the layers hand on to one another. */
  private long values(INDArray[]... batch) {
    memory.startOver();
    walk.set(batch[0], batch[1], batch[2], batch[3]);
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      walk.forward(true, false, memory);
    }
    return memory.values();
  }

  private Passes record(INDArray[]... batch) {
    walk.set(batch[0], batch[1], batch[2], batch[3]);
    return new Passes(walk.train(batch[1], memory), false);
  }

  private Plans.Recording<Passes> recordShards(INDArray[]... batch) {
    Plans.Recording<Gradient> recording = shards.record(batch);
    return new Plans.Recording<>(recording.again(), new Passes(recording.result(), true));
  }
}
