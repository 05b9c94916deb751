package org.descry.replay;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.descry.engine.tape.Tape;
import org.descry.engine.tape.TunableOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * What DL4J's updater does to gradients and parameters, to the bit, each operation prepared once:
 * division by the batch, clipping, regularisation, the rule, and the subtraction.
 */
final class PreparedUpdate {
  private final boolean keepsSteps;
  private final FusedRule.Number divisor = FusedRule.Number.of(1);
  private final List<Scaling> divisions = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private final List<Tape> subtractions = new ArrayList<>();
  private boolean complete = true;
  private boolean divided;

  private PreparedUpdate(
      ComputationGraph network, ComputationGraphUpdater updater, boolean keepsSteps) {
    this.keepsSteps = keepsSteps;
    List<UpdaterBlock> blocks = updater.getUpdaterBlocks();
    Set<Trainable> layers = new LinkedHashSet<>();
    for (UpdaterBlock block : blocks) {
      block.getLayersAndVariablesInBlock().forEach(param -> layers.add(param.getLayer()));
    }
    layers.forEach(this::addClipping);
    INDArray gradient = network.getFlattenedGradients();
    INDArray flat = gradient.reshape(gradient.length());
    INDArray params = network.params().reshape(flat.length());
    INDArray kept = flat.dup();
    flat.assign(0); // preparing a subtraction subtracts nothing
    long done = 0;
    for (UpdaterBlock block : blocks) {
      if (addBlock(block, params)) {
        addSubtraction(params, flat, done, block.getParamOffsetStart());
        done = block.getParamOffsetEnd();
      }
    }
    addSubtraction(params, flat, done, flat.length());
    flat.assign(kept);
    boolean mean = network.conf().isMiniBatch();
    divided = mean && rules.stream().allMatch(rule -> rule instanceof FusedRule);
    if (mean && !divided) {
      updater
          .getGradientsForMinibatchDivision()
          .forEach(part -> divisions.add(Scaling.division(part)));
    }
  }

  private void addSubtraction(INDArray params, INDArray gradient, long from, long to) {
    if (from < to) {
      INDArray some = params.get(NDArrayIndex.interval(from, to));
      INDArray steps = gradient.get(NDArrayIndex.interval(from, to));
      subtractions.add(Tape.record(() -> some.subi(steps)));
    }
  }

  /**
   * To be called after an update by DL4J itself.
   *
   * @param keepsSteps whether what was subtracted is left in the gradients, as by DL4J
   * @return null where DL4J's updater does something that is not among what Descry's jobs ask for
   */
  static PreparedUpdate of(ComputationGraph network, boolean keepsSteps) {
    PreparedUpdate update = new PreparedUpdate(network, network.getUpdater(), keepsSteps);
    return update.complete ? update : null;
  }

  /**
   * @param examples in the batch
   */
  void run(int examples, int iteration, int epoch) {
    if (divided) {
      divisor.set(examples);
    }
    for (int i = 0; i < divisions.size(); i++) {
      divisions.get(i).run(examples);
    }
    for (int i = 0; i < rules.size(); i++) {
      rules.get(i).apply(iteration, epoch);
    }
    for (int i = 0; i < subtractions.size(); i++) {
      subtractions.get(i).replay();
    }
  }

  private void addClipping(Trainable layer) {
    TrainingConfig config = layer.getConfig();
    GradientNormalization how = config == null ? null : config.getGradientNormalization();
    INDArray gradient = layer.getGradientsViewArray();
    if (how == null || how == GradientNormalization.None || gradient == null) {
      return;
    }
    double threshold = config.getGradientNormalizationThreshold();
    switch (how) {
      case ClipElementWiseAbsoluteValue -> {
        TunableOp clip =
            new TunableOp(
                DynamicCustomOp.builder("clipbyvalue")
                    .addInputs(gradient)
                    .addOutputs(gradient)
                    .addFloatingPointArguments(-threshold, threshold)
                    .build());
        rules.add((iteration, epoch) -> clip.run());
      }
      case ClipL2PerLayer -> {
        NormLimit limit = new NormLimit(gradient);
        rules.add((iteration, epoch) -> limit.apply(threshold));
      }
      default -> complete = false;
    }
  }

  /**
   * @param rule null where it is not known
   */
  private void add(Rule rule) {
    complete &= rule != null;
    rules.add(rule);
  }

  /**
   * @return whether the rule subtracts from the parameters too
   */
  private boolean addBlock(UpdaterBlock block, INDArray params) {
    GradientUpdater<?> updater = block.getGradientUpdater();
    List<Rule> before = regularization(block, Regularization.ApplyStep.BEFORE_UPDATER);
    List<Rule> after = regularization(block, Regularization.ApplyStep.POST_UPDATER);
    INDArray view = block.getGradientView();
    INDArray gradient = view.reshape(view.length());
    boolean last = after.isEmpty() && !keepsSteps;
    INDArray own =
        params.get(NDArrayIndex.interval(block.getParamOffsetStart(), block.getParamOffsetEnd()));
    FusedRule fused = FusedRule.of(updater, gradient, divisor, last ? own : null);
    before.forEach(this::add);
    add(fused == null ? Rule.of(updater, gradient) : fused);
    after.forEach(this::add);
    return fused != null && last;
  }

  /** What is added to a block's gradient; null among them for what is not known. */
  private static List<Rule> regularization(UpdaterBlock block, Regularization.ApplyStep when) {
    IUpdater rates = block.getGradientUpdater().getConfig();
    List<Rule> added = new ArrayList<>();
    for (UpdaterBlock.ParamState param : block.getLayersAndVariablesInBlock()) {
      List<Regularization> terms =
          param.getLayer().getConfig().getRegularizationByParam(param.getParamName());
      for (Regularization term : terms == null ? List.<Regularization>of() : terms) {
        if (term.applyStep() == when) {
          added.add(regularization(term, param, rates));
        }
      }
    }
    return added;
  }

  private static Rule regularization(
      Regularization term, UpdaterBlock.ParamState param, IUpdater rates) {
    INDArray gradient = param.getGradView();
    TunableOp add = new TunableOp(new Axpy(param.getParamView(), gradient, gradient, 1));
    if (term.getClass() == L2Regularization.class) { // a subclass may have a rule of its own
      ISchedule coefficient = ((L2Regularization) term).getL2();
      return (iteration, epoch) -> add.real(coefficient.valueAt(iteration, epoch)).run();
    }
    if (term.getClass() == WeightDecay.class) {
      WeightDecay decay = (WeightDecay) term;
      ISchedule coefficient = decay.getCoeff();
      boolean times = decay.isApplyLR() && rates.hasLearningRate();
      return (iteration, epoch) -> {
        double rate = times ? rates.getLearningRate(iteration, epoch) : 1;
        add.real(coefficient.valueAt(iteration, epoch) * rate).run();
      };
    }
    return null;
  }
}
