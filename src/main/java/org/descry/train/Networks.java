package org.descry.train;

import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.EpochBatches;
import org.descry.job.Cases;
import org.descry.job.GradientClipping;
import org.descry.job.Job;
import org.descry.job.OptimizerSettings;
import org.descry.job.ScheduleSettings;
import org.descry.job.TrainingSettings;
import org.descry.model.NetworkMemory;
import org.descry.model.NetworkModel;
import org.descry.model.NetworkSettings;
import org.descry.replay.GlobalNormClipping;
import org.descry.train.step.Fitter;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Makes of a job's settings what DL4J trains its network by. */
public final class Networks {
  private static final Cases<OptimizerSettings, IUpdater> RULES =
      Cases.<OptimizerSettings, IUpdater>of(OptimizerSettings.class)
          .when(OptimizerSettings.Sgd.class, sgd -> new Sgd(sgd.learningRate()))
          .when(
              OptimizerSettings.Nesterov.class,
              nesterov -> new Nesterovs(nesterov.learningRate(), nesterov.momentum()))
          .when(
              OptimizerSettings.RmsProp.class,
              rms -> new RmsProp(rms.learningRate(), rms.decay(), rms.epsilon()))
          .when(
              OptimizerSettings.Adam.class,
              adam -> new Adam(adam.learningRate(), adam.beta1(), adam.beta2(), adam.epsilon()))
          .when(
              OptimizerSettings.AdamW.class,
              adam -> new Adam(adam.learningRate(), adam.beta1(), adam.beta2(), adam.epsilon()))
          .exhaustive();

  private static final Cases<ScheduleSettings, Changing> SCHEDULES =
      Cases.<ScheduleSettings, Changing>of(ScheduleSettings.class)
          .same(
              (rate, steps) -> null,
              ScheduleSettings.Constant.class,
              ScheduleSettings.Plateau.class,
              ScheduleSettings.Halving.class)
          .when(
              ScheduleSettings.Step.class,
              step ->
                  (rate, steps) ->
                      new StepSchedule(ScheduleType.EPOCH, rate, step.factor(), step.every()))
          .when(
              ScheduleSettings.Exponential.class,
              decay ->
                  (rate, steps) ->
                      new ExponentialSchedule(ScheduleType.EPOCH, rate, decay.factor()))
          .when(
              ScheduleSettings.Cosine.class,
              cosine ->
                  (rate, steps) -> new CosineSchedule(rate, rate * cosine.end(), lastStep(steps)))
          .when(
              ScheduleSettings.OneCycle.class,
              cycle -> (rate, steps) -> oneCycle(cycle, rate, steps))
          .exhaustive();

  /** A rate that changes within an epoch; null of one that does not: see {@link LearningRate}. */
  @FunctionalInterface
  private interface Changing {
    ISchedule schedule(double rate, int steps);
  }

  private Networks() {}

  /**
   * Makes sure that a network can be trained and saved.
   *
   * @param rows of a batch
   * @throws org.descry.MemoryException if it is too large
   */
  public static void requireMemory(Job job, NetworkModel model, long rows) {
    NetworkMemory.require(
        model.configuration(solver(job, 1)),
        rows,
        Fitter.precision(job.training()),
        model.inputTypes());
  }

  /**
   * A new network that is ready to train.
   *
   * @param epoch the batches that it will train on; they are closed
   */
  public static ComputationGraph create(Job job, NetworkModel model, EpochBatches epoch) {
    try (epoch) {
      ComputationGraph network =
          new ComputationGraph(model.configuration(solver(job, epoch.batches())));
      network.init();
      return network;
    }
  }

  /**
   * @param stepsPerEpoch the number of batches in an epoch, for schedules that count steps
   */
  static NetworkSettings solver(Job job, int stepsPerEpoch) {
    GradientClipping clipping = job.training().gradientClipping();
    return new NetworkSettings(
        job.seed(),
        updater(job.training(), 1, stepsPerEpoch),
        job.training().l2(),
        job.training().optimizer().weightDecay(),
        method(clipping),
        threshold(clipping),
        DataType.FLOAT,
        job.training().biasRate() == 1
            ? null
            : updater(job.training(), job.training().biasRate(), stepsPerEpoch));
  }

  /** DL4J counts steps in an int. */
  private static int clamped(double steps) {
    return (int) Math.min(Integer.MAX_VALUE, Math.round(steps));
  }

  private static GradientNormalization method(GradientClipping clipping) {
    if (clipping == null || clipping.globalNorm() != null) {
      return GradientNormalization.None; // DL4J knows no norm over all layers, see Learner
    }
    return clipping.norm() != null
        ? GradientNormalization.ClipL2PerLayer
        : GradientNormalization.ClipElementWiseAbsoluteValue;
  }

  private static double threshold(GradientClipping clipping) {
    if (method(clipping) == GradientNormalization.None) {
      return 1;
    }
    return clipping.norm() != null ? clipping.norm() : clipping.value();
  }

  /**
   * @param factor of the learning rate
   */
  private static IUpdater updater(TrainingSettings training, double factor, int stepsPerEpoch) {
    OptimizerSettings optimizer = training.optimizer();
    IUpdater updater = RULES.of(optimizer);
    double rate = factor * optimizer.learningRate();
    ISchedule schedule =
        schedule(
            optimizer.schedule(),
            rate,
            steps(training, stepsPerEpoch),
            warmUpSteps(training, stepsPerEpoch));
    if (schedule != null) {
      updater.setLrAndSchedule(Double.NaN, schedule);
    } else if (factor != 1) {
      updater.setLrAndSchedule(rate, null);
    }
    return updater;
  }

  /** The schedule around a rate; null for one that is constant. */
  static ISchedule schedule(ScheduleSettings settings, double rate, int steps, int warmUp) {
    ISchedule schedule = SCHEDULES.of(settings).schedule(rate, steps);
    return warmUp > 0
        ? new WarmUpSchedule(schedule == null ? new FixedSchedule(rate) : schedule, warmUp)
        : schedule;
  }

  /** All steps that a schedule is laid out for. */
  static int steps(TrainingSettings training, int stepsPerEpoch) {
    return clamped((double) stepsPerEpoch * training.epochs());
  }

  /** Makes the network clip what DL4J does not, the gradient of all layers together. */
  public static void clip(ComputationGraph network, TrainingSettings settings) {
    GradientClipping clipping = settings.gradientClipping();
    if (clipping != null && clipping.globalNorm() != null) {
      network.addListeners(new GlobalNormClipping(clipping.globalNorm()));
    }
  }

  /**
   * Brings the updater of a new network into the state that its rule starts from: DL4J starts the
   * running mean of RMSProp at epsilon, where the rule has 0, so that its first steps are a
   * thousandth of what they should be where gradients are small.
   */
  public static void startUpdater(ComputationGraph network, OptimizerSettings optimizer) {
    if (optimizer instanceof OptimizerSettings.RmsProp) {
      network.getUpdater().getStateViewArray().assign(0);
    }
  }

  /** The number of the last step that is run: steps count from 0. */
  private static int lastStep(int steps) {
    return Math.max(1, steps - 1);
  }

  /** Steps of warm-up in a training with so many steps an epoch. */
  static int warmUpSteps(TrainingSettings training, int stepsPerEpoch) {
    return clamped(training.warmUpEpochs() * stepsPerEpoch);
  }

  private static ISchedule oneCycle(ScheduleSettings.OneCycle cycle, double rate, int steps) {
    int last = Math.max(2, lastStep(steps));
    int rise = Math.min(last - 1, Math.max(1, (int) Math.round(cycle.peak() * steps) - 1));
    return new OneCycleSchedule(rate * cycle.start(), rate, rate * cycle.end(), rise, last);
  }
}
