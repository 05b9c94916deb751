package org.descry.train.step;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.UsageException;
import org.descry.engine.dnn.Precision;
import org.descry.job.TrainingSettings;
import org.descry.job.TrainingSettings.BatchNormOver;
import org.descry.replay.Division;
import org.descry.replay.Group;
import org.descry.replay.RecordedStep;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Does steps, and tells the loss of each from the score that DL4J computes in it. */
public final class Fitter {
  private final boolean penalized;
  private final boolean decays;
  private final Precision precision;
  private final boolean halving;
  private final Division division;
  private final Group group = Group.current();
  private ComputationGraph trained;
  private RecordedStep step;

  /**
   * @param carries whether a batch begins where the one before ended: what the last steps leave is
   *     read from the network then, so that all of it has to be there
   * @throws UsageException if such batches are to be split
   */
  Fitter(TrainingSettings settings, boolean carries) {
    halving = !carries;
    division =
        settings.split() == 1
            ? null
            : new Division(settings.split(), settings.batchNormOver() == BatchNormOver.BATCH);
    if (division != null && carries) {
      throw new UsageException(
          "training.split is %s, but expected 1 for a running text, whose batches begin where those before them end."
              .formatted(settings.split()));
    }
    penalized = settings.l2() > 0;
    decays = settings.optimizer().weightDecay() > 0;
    precision = precision(settings);
  }

  private static Precision precision(TrainingSettings settings) {
    return Precision.valueOf(settings.precision().name());
  }

  /**
   * @throws UsageException if this machine has not got the precision that the settings ask for
   */
  public static void requirePrecision(TrainingSettings settings) {
    String obstacle = precision(settings).obstacle();
    if (obstacle != null) {
      throw new UsageException(
          "training.precision is bfloat16: expected a machine that has it, got one where %s; float32 works everywhere."
              .formatted(obstacle));
    }
  }

  /**
   * A step on a batch; DL4J's score is the sum of the losses divided by the batch's rows.
   *
   * @param examples that the loss is to be a mean of: the rows, or the steps of all sequences
   */
  Step fit(ComputationGraph network, MultiDataSet batch, int examples) {
    long rows = batch.getLabels(0).size(0);
    if (!decays && rows == examples) {
      step(network).fit(batch);
      return new Step(examples, network.score());
    }
    // DL4J's score holds a penalty for weight decay too, which is no part of any loss.
    double penalty = penalized || decays ? network.calcRegularizationScore(true) : 0;
    step(network).fit(batch);
    double loss = (network.score() - penalty) * rows / examples;
    return new Step(examples, penalized ? loss + penalty : loss);
  }

  /** Where the time of all steps so far went. */
  RecordedStep.Spent spent() {
    return step == null ? new RecordedStep.Spent(0, 0, 0) : step.spent();
  }

  /** See {@link RecordedStep#parts}. */
  int parts() {
    return step == null ? 1 : step.parts();
  }

  private RecordedStep step(ComputationGraph network) {
    if (network != trained) {
      trained = network;
      step = newStep(network);
    }
    return step;
  }

  private RecordedStep newStep(ComputationGraph network) {
    if (division != null) {
      return RecordedStep.sharing(network, precision, division, group);
    }
    return halving ? RecordedStep.halving(network, precision) : RecordedStep.of(network, precision);
  }
}
