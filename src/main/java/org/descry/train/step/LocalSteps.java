package org.descry.train.step;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.Ranks;
import org.descry.replay.Division;
import org.descry.replay.Group;
import org.descry.replay.ShardThreads;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Steps that each shard of a batch makes by itself, with parameters of its own; every few steps all
 * go on from the mean of their parameters and of what their updaters keep (local SGD: Stich 2018,
 * "Local SGD Converges Fast and Communicates Little"). A batch with fewer examples than shards need
 * is done whole by each of them.
 *
 * <p>Each shard has a thread of its own, or a process of a {@link Group}, to the same bits.
 */
final class LocalSteps {
  private final Division division;
  private final int every;
  private final Group group;
  private final ComputationGraph network;
  private final List<Replica> replicas = new ArrayList<>();
  private final ShardThreads threads;
  private final INDArray losses;
  private int steps;

  /** A network, and how it does a step on a batch of its own. */
  record Replica(ComputationGraph network, ToDoubleFunction<Part> step) {}

  /**
   * What one of them does of a batch.
   *
   * @param rows of the whole batch
   * @param examples of the whole batch
   */
  record Part(org.nd4j.linalg.dataset.api.MultiDataSet batch, long rows, int examples) {}

  /** Makes a step for a network: its answer is the part's share of the batch's loss. */
  interface Steps {
    ToDoubleFunction<Part> of(ComputationGraph network);
  }

  /**
   * @param network that the training looks at: of the first shard, or of this process's
   * @param every number of steps between two means
   * @param group null where this process does all shards
   */
  LocalSteps(ComputationGraph network, Division division, int every, Group group, Steps steps) {
    this.network = network;
    this.division = division;
    this.every = every;
    this.group = group;
    replicas.add(new Replica(network, steps.of(network)));
    for (int i = 1; group == null && i < division.parts(); i++) {
      ComputationGraph other = new ComputationGraph(network.getConfiguration().clone());
      other.init(network.params().dup(), false);
      replicas.add(new Replica(other, steps.of(other)));
    }
    threads = new ShardThreads(replicas.size());
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      losses = Nd4j.zeros(DataType.DOUBLE, 1);
    }
  }

  /** Whether all have the same parameters, which alone are worth a look. */
  boolean together() {
    return steps == 0;
  }

  /**
   * A step on each shard, and the mean after it if it is time to.
   *
   * @param examples that the loss is to be a mean of
   * @return the batch's loss
   */
  double fit(org.nd4j.linalg.dataset.api.MultiDataSet batch, int examples) {
    if (steps == 0) {
      replicas.forEach(this::follow);
    }
    int before = network.getIterationCount();
    double loss = sum(all(batch, examples));
    if (!Double.isFinite(loss)) { // those that went on count no more steps than the others
      replicas.forEach(of -> of.network.getConfiguration().setIterationCount(before));
      return loss;
    }
    steps++;
    if (steps == every) {
      gather();
    }
    return loss;
  }

  /** Goes on with the network's parameters, whatever they are, as the first step of a round. */
  void begin() {
    steps = 0;
  }

  private void follow(Replica replica) {
    if (replica.network == network) {
      return;
    }
    List<INDArray> from = state(network);
    List<INDArray> to = state(replica.network);
    for (int i = 0; i < to.size(); i++) {
      to.get(i).assign(from.get(i));
    }
    replica.network.getConfiguration().setIterationCount(network.getIterationCount());
    replica.network.getConfiguration().setEpochCount(network.getEpochCount());
  }

  /** Brings all to the mean of what they have. */
  void gather() {
    if (steps == 0) {
      return;
    }
    steps = 0;
    List<INDArray> own = state(network);
    for (int i = 0; i < own.size(); i++) {
      if (group != null) {
        group.sum().of(own.get(i));
      }
      for (Replica other : replicas.subList(1, replicas.size())) {
        own.get(i).addi(state(other.network).get(i));
      }
      own.get(i).muli(1.0 / division.parts());
    }
  }

  /** What a network has learnt, and its updater. */
  private static List<INDArray> state(ComputationGraph network) {
    INDArray updater = network.getUpdater().getStateViewArray();
    return updater == null ? List.of(network.params()) : List.of(network.params(), updater);
  }

  private double sum(List<Double> parts) {
    double loss = 0;
    for (double part : parts) {
      loss += part;
    }
    if (group != null) {
      group.sum().of(losses.putScalar(0, loss));
      loss = losses.getDouble(0);
    }
    return loss;
  }

  /** Shares of the loss, rank after rank. */
  private List<Double> all(org.nd4j.linalg.dataset.api.MultiDataSet batch, int examples) {
    INDArray[][] arrays = {
      batch.getFeatures(),
      batch.getLabels(),
      batch.getFeaturesMaskArrays(),
      batch.getLabelsMaskArrays()
    };
    return threads.all(i -> one(i, arrays, examples));
  }

  private double one(int replica, INDArray[][] batch, int examples) {
    int rank = group == null ? replica : group.rank();
    boolean divides = division.divides(batch);
    INDArray[][] own = divides ? division.shard(rank, batch) : batch;
    Part part =
        new Part(new MultiDataSet(own[0], own[1], own[2], own[3]), batch[1][0].size(0), examples);
    // By itself but for what is drawn at random: no sums, no statistics of others.
    long units = Math.max(1, Division.units(own));
    Ranks ranks = new Ranks(rank, units, units, false, true, array -> {});
    double loss = ranks.during(() -> replicas.get(replica).step.applyAsDouble(part));
    return divides ? loss : loss / division.parts();
  }
}
