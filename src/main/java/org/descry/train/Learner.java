package org.descry.train;

import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DataException;
import org.descry.job.TrainingSettings;
import org.descry.metrics.LayerNorms;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.TrainingState;
import org.descry.train.checkpoint.TrainingState.Pass;
import org.descry.train.step.Lookahead;
import org.descry.train.step.SlowWeights;
import org.descry.train.step.Watch;
import org.descry.train.step.WeightAverage;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network with all that changes as it learns: updater, learning rate, slow weights. */
final class Learner {
  private final ComputationGraph network;
  private final LearningRate rate;
  private final SlowWeights slow;
  private final Watch watch;

  /**
   * @param network a new one
   * @param stepsPerEpoch that schedules are laid out for
   */
  Learner(ComputationGraph network, TrainingSettings settings, int stepsPerEpoch) {
    this.network = network;
    rate =
        new LearningRate(
            settings.optimizer(),
            Networks.warmUpSteps(settings, stepsPerEpoch),
            Networks.steps(settings, stepsPerEpoch));
    Networks.startUpdater(network, settings.optimizer());
    watch = settings.watch() ? new Watch(network) : null;
    if (watch != null) {
      network.addListeners(watch); // before anything clips
    }
    Networks.clip(network, settings);
    slow = slow(network, settings, stepsPerEpoch);
    if (slow != null) {
      network.addListeners(slow);
    }
  }

  private static SlowWeights slow(
      ComputationGraph network, TrainingSettings settings, int stepsPerEpoch) {
    if (settings.lookahead() != null) {
      return new Lookahead(network, settings.lookahead(), Networks.steps(settings, stepsPerEpoch));
    }
    return settings.weightAverage() > 0
        ? new WeightAverage(network, settings.weightAverage())
        : null;
  }

  LearningRate rate() {
    return rate;
  }

  /** The slow weights in the network's place, if there are some, until the scope is closed. */
  SlowWeights.Scope slowly() {
    return slow == null ? () -> {} : slow.in(network);
  }

  /** A pass over the data with what is known of its layers. */
  Pass watched(Pass pass) {
    return watch == null ? pass : new Pass(pass.lossSum(), pass.examples(), watch.sums());
  }

  /** Begins a pass, or goes on with one. */
  void watch(Pass pass) {
    if (watch != null) {
      watch.restore(pass.watched());
    }
  }

  /** Norms by layer, of the pass so far; null where they are not watched. */
  Map<String, LayerNorms> layers() {
    return watch == null ? null : watch.norms();
  }

  /** The arrays of a checkpoint, which are the network's own. */
  Map<String, INDArray> arrays() {
    Map<String, INDArray> arrays = new TreeMap<>();
    arrays.put(Checkpoint.PARAMETERS, network.params());
    if (network.getUpdater().getStateViewArray() != null) {
      arrays.put(Checkpoint.UPDATER, network.getUpdater().getStateViewArray());
    }
    if (slow != null) {
      arrays.put(Checkpoint.AVERAGE, slow.weights());
    }
    return arrays;
  }

  /** The failure of a checkpoint that is whole, and of another training for all that. */
  static DataException unfit(TrainingState state, String expected) {
    return new DataException(
        "The checkpoint after %s steps does not fit the training; expected %s: --force begins anew."
            .formatted(state.iteration(), expected));
  }

  /**
   * Goes on from a checkpoint of the same job.
   *
   * @throws DataException if its arrays are others
   */
  void restore(Checkpoint from) {
    TrainingState state = from.state();
    arrays()
        .forEach(
            (name, to) -> {
              INDArray array = from.arrays().get(name);
              if (array == null
                  || array.length() != to.length()
                  || array.dataType() != to.dataType()) {
                throw unfit(state, "the training's " + name);
              }
              to.assign(array.reshape(to.shape()));
            });
    network.getConfiguration().setIterationCount(state.iteration());
    network.getConfiguration().setEpochCount(state.epoch());
    rate.restore(state.rate(), network);
  }
}
