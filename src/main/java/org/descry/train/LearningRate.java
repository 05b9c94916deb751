package org.descry.train;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.job.Cases;
import org.descry.job.OptimizerSettings;
import org.descry.job.ScheduleSettings;
import org.descry.metrics.EpochMetrics;
import org.descry.model.LearningRates;
import org.descry.train.checkpoint.TrainingState;
import org.nd4j.linalg.schedule.ISchedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The learning rate of a schedule that looks at the metrics of each epoch; others are computed by
 * ND4J, step by step.
 */
final class LearningRate {
  private static final Logger LOG = LoggerFactory.getLogger(LearningRate.class);
  private static final double HALF = 0.5;

  /** What a rate is multiplied by after an epoch. */
  @FunctionalInterface
  private interface Factor {
    double of(LearningRate rate, EpochMetrics metrics);
  }

  private static final Cases<ScheduleSettings, Factor> FACTORS =
      Cases.<ScheduleSettings, Factor>of(ScheduleSettings.class)
          .same(
              (rate, metrics) -> 1,
              ScheduleSettings.Constant.class,
              ScheduleSettings.Step.class,
              ScheduleSettings.Exponential.class,
              ScheduleSettings.Cosine.class,
              ScheduleSettings.OneCycle.class)
          .when(
              ScheduleSettings.Plateau.class,
              plateau -> (rate, metrics) -> rate.plateau(plateau, metrics))
          .when(ScheduleSettings.Halving.class, halving -> LearningRate::halving)
          .exhaustive();

  private final ScheduleSettings schedule;
  private final int warmUp;
  private final int steps;
  private double rate;
  private double reference = Double.POSITIVE_INFINITY;
  private int since;

  /**
   * @param warmUp steps of warm-up, which a change of the rate does not end; 0 for none
   */
  LearningRate(OptimizerSettings optimizer, int warmUp) {
    this(optimizer, warmUp, 1);
  }

  /**
   * @param steps that the schedule is laid out for
   */
  LearningRate(OptimizerSettings optimizer, int warmUp, int steps) {
    this.warmUp = warmUp;
    this.steps = steps;
    schedule = optimizer.schedule();
    rate = optimizer.learningRate();
  }

  /** Sets the network's learning rate for the next epoch. */
  void afterEpoch(EpochMetrics metrics, ComputationGraph network) {
    double factor = FACTORS.of(schedule).of(this, metrics);
    if (factor != 1) {
      scale(factor, network);
      LOG.info("Learning rate {} after epoch {}", rate, metrics.epoch());
    }
  }

  /** Multiplies the rate, and with it all of its schedule. */
  void scale(double factor, ComputationGraph network) {
    rate *= factor;
    ISchedule changing = Networks.schedule(schedule, rate, steps, warmUp);
    if (changing == null) {
      LearningRates.set(network, rate);
    } else {
      LearningRates.set(network, changing);
    }
  }

  TrainingState.Rate state() {
    return new TrainingState.Rate(rate, reference, since);
  }

  /** Goes on from a state. */
  void restore(TrainingState.Rate state, ComputationGraph network) {
    reference = state.reference();
    since = state.since();
    if (rate != state.rate()) {
      rate = state.rate();
      scale(1, network);
    }
  }

  double rate() {
    return rate;
  }

  private double halving(EpochMetrics metrics) {
    boolean rose = metrics.trainLoss() > reference;
    reference = metrics.trainLoss();
    return rose ? HALF : 1;
  }

  /** Patience counts epochs, those without an evaluation too. */
  private double plateau(ScheduleSettings.Plateau plateau, EpochMetrics metrics) {
    if (!metrics.evaluated()) {
      return 1;
    } else if (metrics.validationLoss() < reference) {
      reference = metrics.validationLoss();
      since = metrics.epoch();
      return 1;
    } else if (metrics.epoch() - since < plateau.patience()) {
      return 1;
    }
    since = metrics.epoch();
    return plateau.factor();
  }
}
