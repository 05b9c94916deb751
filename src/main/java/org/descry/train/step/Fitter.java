package org.descry.train.step;

import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.UsageException;
import org.descry.engine.dnn.Precision;
import org.descry.job.TrainingSettings;
import org.descry.job.TrainingSettings.BatchNormOver;
import org.descry.replay.Division;
import org.descry.replay.GlobalNormClipping;
import org.descry.replay.Group;
import org.descry.replay.RecordedStep;
import org.descry.train.step.LocalSteps.Part;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Does steps, and tells the loss of each from the score that DL4J computes in it. */
public final class Fitter {
  private final boolean penalized;
  private final boolean decays;
  private final Precision precision;
  private final boolean halving;
  private final Division division;
  private final Group group = Group.current();
  private final int averageEvery;
  private final Double largestNorm;
  private ComputationGraph trained;
  private RecordedStep step;
  private LocalSteps local;

  /**
   * @param carries whether a batch begins where the one before ended: what the last steps leave is
   *     read from the network then, so that all of it has to be there
   * @throws UsageException if such batches are to be split
   */
  Fitter(TrainingSettings settings, boolean carries) {
    halving = !carries;
    division = settings.split() == 1 ? null : division(settings);
    averageEvery = settings.averageEvery();
    largestNorm =
        settings.gradientClipping() == null ? null : settings.gradientClipping().globalNorm();
    if (division != null && carries) {
      throw new UsageException(
          "training.split is %s, but expected 1 for a running text, whose batches begin where those before them end."
              .formatted(settings.split()));
    }
    penalized = settings.l2() > 0;
    decays = settings.optimizer().weightDecay() > 0;
    precision = precision(settings);
  }

  private static Division division(TrainingSettings settings) {
    return new Division(
        settings.split(),
        settings.batchNormOver() == BatchNormOver.BATCH && settings.averageEvery() == 1,
        settings.gradients() == TrainingSettings.Precision.BFLOAT16);
  }

  /**
   * Where the examples that this process works on begin and end, by the number in a batch: all,
   * unless it is one of a group.
   */
  public static IntFunction<int[]> own(TrainingSettings settings) {
    Group group = Group.current();
    return group == null
        ? examples -> new int[] {0, examples}
        : examples -> division(settings).stretch(group.rank(), examples);
  }

  /** Of the steps. */
  public static Precision precision(TrainingSettings settings) {
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
    if (averageEvery > 1) {
      return new Step(examples, local(network).fit(batch, examples));
    }
    if (!decays && rows == examples) {
      step(network).fit(batch);
      return new Step(examples, network.score());
    }
    return new Step(examples, loss(step(network), network, new Part(batch, rows, examples)));
  }

  /** DL4J's score holds a penalty for weight decay too, which is no part of any loss. */
  private double loss(RecordedStep step, ComputationGraph network, Part part) {
    long own = part.batch().getLabels(0).size(0);
    double penalty = penalized || decays ? network.calcRegularizationScore(true) : 0;
    step.fit(part.batch());
    double loss = (network.score() - penalty) * own / part.examples();
    return penalized ? loss + penalty * ((double) own / part.rows()) : loss;
  }

  /** See {@link LocalSteps#together}. */
  boolean together() {
    return local == null || local.together();
  }

  /** See {@link LocalSteps#gather}. */
  void gather() {
    if (local != null) {
      local.gather();
    }
  }

  /** See {@link LocalSteps#begin}. */
  void begin() {
    if (local != null) {
      local.begin();
    }
  }

  /** Where the time of all steps so far went. */
  RecordedStep.Spent spent() {
    return step == null ? new RecordedStep.Spent(0, 0, 0) : step.spent();
  }

  /** See {@link RecordedStep#parts}. */
  int parts() {
    return local != null ? division.parts() : step == null ? 1 : step.parts();
  }

  private LocalSteps local(ComputationGraph network) {
    if (network != trained) {
      trained = network;
      local = new LocalSteps(network, division, averageEvery, group, this::localStep);
    }
    return local;
  }

  private ToDoubleFunction<Part> localStep(ComputationGraph network) {
    RecordedStep own = RecordedStep.of(network, precision);
    if (network == trained) {
      step = own;
    } else if (largestNorm != null) { // the training's has its listener
      network.addListeners(new GlobalNormClipping(largestNorm));
    }
    return part -> loss(own, network, part);
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
