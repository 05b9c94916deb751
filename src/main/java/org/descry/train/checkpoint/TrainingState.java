package org.descry.train.checkpoint;

import java.util.List;
import org.descry.metrics.EpochMetrics;

/**
 * What a training knows beside its arrays.
 *
 * @param origin what it was begun with
 * @param epoch 0 for the first, of the next step
 * @param step number of this epoch's steps that are done
 * @param iteration steps so far, in all epochs
 * @param pass sums over this epoch's steps
 * @param rate of a schedule that looks at the metrics
 * @param done metrics of the epochs that are done
 * @param best of them; null if none was evaluated
 * @param rollbacks how often a divergence has sent it back
 * @param seconds of training so far, evaluations included
 */
public record TrainingState(
    Origin origin,
    int epoch,
    int step,
    int iteration,
    Pass pass,
    Rate rate,
    List<EpochMetrics> done,
    EpochMetrics best,
    int rollbacks,
    double seconds) {
  public TrainingState {
    done = List.copyOf(done);
  }

  /**
   * @param lossSum over the examples
   */
  public record Pass(double lossSum, long examples) {
    public static final Pass NONE = new Pass(0, 0);

    /**
     * @param loss mean over the step's examples
     */
    public Pass plus(int of, double loss) {
      return new Pass(lossSum + loss * of, examples + of);
    }

    public double meanLoss() {
      return lossSum / Math.max(1, examples);
    }
  }

  /**
   * @param rate that is scaled after an epoch, or after a divergence
   * @param reference loss that the next one is compared with
   * @param since epoch that patience counts from
   */
  public record Rate(double rate, double reference, int since) {}
}
