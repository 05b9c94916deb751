package org.descry.train;

import java.util.ArrayList;
import java.util.List;
import org.descry.metrics.EpochMetrics;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.TrainingState;
import org.descry.train.step.Batches;

/** How far a training has come, beside its network. */
final class Course {
  private final List<EpochMetrics> done = new ArrayList<>();
  private EpochMetrics best;
  private int rollbacks;
  private double firstLoss;

  /** Where the next step is. */
  Batches.Position position = Batches.Position.startOf(0);

  /** Sums over the steps of this epoch. */
  TrainingState.Pass pass = TrainingState.Pass.NONE;

  /** Metrics of the epochs that are done. */
  List<EpochMetrics> done() {
    return done;
  }

  /** Of them, the one that the model is from; null if none was evaluated. */
  EpochMetrics best() {
    return best;
  }

  /** How often a divergence has sent it back. */
  int rollbacks() {
    return rollbacks;
  }

  /**
   * @param to number of times so far
   */
  void rolledBack(int to) {
    rollbacks = to;
  }

  /** The loss of the first step; 0 before it. */
  double firstLoss() {
    return firstLoss;
  }

  /** Takes down the loss of a step, if it is the first. */
  void begin(double loss) {
    firstLoss = firstLoss == 0 ? loss : firstLoss;
  }

  /** Goes on to the next epoch. */
  void finish(EpochMetrics metrics) {
    done.add(metrics);
    position = Batches.Position.startOf(metrics.epoch());
    pass = TrainingState.Pass.NONE;
  }

  /** The last epoch's model is the one to keep. */
  void keepLast() {
    best = done.get(done.size() - 1);
  }

  void restore(Checkpoint from) {
    TrainingState state = from.state();
    position =
        new Batches.Position(state.epoch(), state.step(), from.arrays().get(Checkpoint.CARRIED));
    pass = state.pass();
    done.clear();
    done.addAll(state.done());
    best = state.best();
    rollbacks = state.rollbacks();
    firstLoss = state.firstLoss();
  }
}
