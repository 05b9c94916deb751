package org.descry.train;

import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.job.Job;
import org.descry.job.OptimizerSettings;
import org.descry.job.ScheduleSettings;
import org.descry.job.TrainingSettings;
import org.descry.job.TrainingSettings.GradientClipping;
import org.descry.model.NetworkSettings;
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
  private Networks() {}

  /**
   * @param stepsPerEpoch the number of batches in an epoch, for schedules that count steps
   */
  public static NetworkSettings solver(Job job, int stepsPerEpoch) {
    GradientClipping clipping = job.training().gradientClipping();
    int steps = clamped((double) stepsPerEpoch * job.training().epochs());
    return new NetworkSettings(
        job.seed(),
        updater(job.training().optimizer(), steps, warmUpSteps(job.training(), stepsPerEpoch)),
        job.training().l2(),
        job.training().optimizer() instanceof OptimizerSettings.AdamW adam ? adam.weightDecay() : 0,
        method(clipping),
        clipping == null ? 1 : clipping.norm() != null ? clipping.norm() : clipping.value(),
        DataType.FLOAT);
  }

  /** DL4J counts steps in an int. */
  private static int clamped(double steps) {
    return (int) Math.min(Integer.MAX_VALUE, Math.round(steps));
  }

  private static GradientNormalization method(GradientClipping clipping) {
    if (clipping == null) {
      return GradientNormalization.None;
    }
    return clipping.norm() != null
        ? GradientNormalization.ClipL2PerLayer
        : GradientNormalization.ClipElementWiseAbsoluteValue;
  }

  private static IUpdater updater(OptimizerSettings optimizer, int steps, int warmUp) {
    double rate = optimizer.learningRate();
    IUpdater updater = rule(optimizer, rate);
    ISchedule schedule = schedule(optimizer.schedule(), rate, steps);
    if (warmUp > 0) {
      ISchedule then = schedule == null ? new FixedSchedule(rate) : schedule;
      updater.setLrAndSchedule(Double.NaN, new WarmUpSchedule(then, warmUp));
    } else if (schedule != null) {
      updater.setLrAndSchedule(Double.NaN, schedule);
    }
    return updater;
  }

  private static IUpdater rule(OptimizerSettings optimizer, double rate) {
    if (optimizer instanceof OptimizerSettings.Nesterov nesterov) {
      return new Nesterovs(rate, nesterov.momentum());
    } else if (optimizer instanceof OptimizerSettings.RmsProp rms) {
      return new RmsProp(rate, rms.decay(), rms.epsilon());
    } else if (optimizer instanceof OptimizerSettings.Adam adam) {
      return new Adam(rate, adam.beta1(), adam.beta2(), adam.epsilon());
    } else if (optimizer instanceof OptimizerSettings.AdamW adam) {
      return new Adam(rate, adam.beta1(), adam.beta2(), adam.epsilon());
    }
    return new Sgd(rate);
  }

  /**
   * Brings the updater of a new network into the state that its rule starts from: DL4J starts the
   * running mean of RMSProp at epsilon, where the rule has 0, so that its first steps are a
   * thousandth of what they should be where gradients are small.
   */
  static void startUpdater(ComputationGraph network, OptimizerSettings optimizer) {
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

  /** Null for a rate that does not change within an epoch: see {@link LearningRate}. */
  private static ISchedule schedule(ScheduleSettings schedule, double rate, int steps) {
    if (schedule instanceof ScheduleSettings.Step step) {
      return new StepSchedule(ScheduleType.EPOCH, rate, step.factor(), step.every());
    } else if (schedule instanceof ScheduleSettings.Exponential decay) {
      return new ExponentialSchedule(ScheduleType.EPOCH, rate, decay.factor());
    } else if (schedule instanceof ScheduleSettings.Cosine cosine) {
      return new CosineSchedule(rate, rate * cosine.end(), lastStep(steps));
    } else if (schedule instanceof ScheduleSettings.OneCycle cycle) {
      int last = Math.max(2, lastStep(steps));
      int rise = Math.min(last - 1, Math.max(1, (int) Math.round(cycle.peak() * steps) - 1));
      return new OneCycleSchedule(rate * cycle.start(), rate, rate * cycle.end(), rise, last);
    }
    return null;
  }
}
