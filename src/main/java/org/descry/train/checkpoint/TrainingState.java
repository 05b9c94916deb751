package org.descry.train.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.LayerNorms;

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
 * @param firstLoss of the first step, which an explosion is measured by; 0 if it is unknown
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
    double firstLoss,
    double seconds) {
  /**
   * @throws NullPointerException if a part is missing
   * @throws IllegalArgumentException if it is of no moment of a training
   */
  public TrainingState {
    Objects.requireNonNull(origin);
    Objects.requireNonNull(pass);
    Objects.requireNonNull(rate);
    done = List.copyOf(done);
    boolean possible = epoch == done.size() && step >= 0 && iteration >= 0 && rollbacks >= 0;
    if (!possible || !(seconds >= 0) || (best != null && !done.contains(best))) {
      throw new IllegalArgumentException("no moment of a training");
    }
  }

  /**
   * Whether its parameters are known to be good. What a step does wrong is seen in the loss of the
   * next one: what it left is good if it was evaluated, or if a step after it was right.
   *
   * @param wrong number of the steps with that whose loss was wrong
   */
  public boolean isProven(int wrong) {
    return iteration < wrong - 1
        || (step == 0 && !done.isEmpty() && done.get(done.size() - 1).evaluated());
  }

  /** Whether the last thing that was done is the epoch that the model is from. */
  public boolean endsWithBest() {
    return step == 0 && best != null && best.epoch() == done.size();
  }

  /**
   * @param lossSum over the examples
   * @param watched of the layers, where the job watches them; {@link Watched#NONE} elsewhere
   */
  public record Pass(double lossSum, long examples, Watched watched) {
    public Pass {
      Objects.requireNonNull(watched);
    }

    public static final Pass NONE = new Pass(0, 0, Watched.NONE);

    /**
     * @param loss mean over the step's examples
     */
    public Pass plus(int of, double loss) {
      return new Pass(lossSum + loss * of, examples + of, watched);
    }

    public double meanLoss() {
      return lossSum / Math.max(1, examples);
    }
  }

  /**
   * Norms of the layers, summed over steps.
   *
   * @param layers by name
   */
  public record Watched(int steps, Map<String, LayerNorms> layers) {
    public static final Watched NONE = new Watched(0, Map.of());

    public Watched {
      layers = Map.copyOf(layers);
    }

    /**
     * @param norms of every layer, to be added
     * @param more steps that they are of
     */
    public Watched plus(Map<String, LayerNorms> norms, int more) {
      Map<String, LayerNorms> sums = new TreeMap<>(layers);
      norms.forEach((name, of) -> sums.merge(name, of, LayerNorms::plus));
      return new Watched(steps + more, sums);
    }
  }

  /**
   * @param rate that is scaled after an epoch, or after a divergence
   * @param reference loss that the next one is compared with
   * @param since epoch that patience counts from
   */
  public record Rate(double rate, double reference, int since) {}
}
