package org.descry.replay;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.indexer.Indexer;
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
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Norm2;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarDivision;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * What DL4J's updater does to gradients and parameters, with its operations in its order and so to
 * the bit, each of them prepared once: division by the batch, clipping, regularisation, the rule,
 * and the subtraction.
 */
final class PreparedUpdate {
  private final List<Scaling> divisions = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private final Tape subtraction;
  private boolean complete = true;

  /** An array times or divided by a number that is another in each run. */
  private record Scaling(Tape tape, Indexer number) {
    static Scaling of(ScalarOp op) {
      Tape tape = Tape.record(() -> Nd4j.getExecutioner().exec(op));
      return new Scaling(tape, op.scalar().data().indexer());
    }

    void run(double by) {
      number.putDouble(new long[] {0}, by);
      tape.replay();
    }
  }

  private PreparedUpdate(ComputationGraph network, ComputationGraphUpdater updater) {
    if (network.conf().isMiniBatch()) {
      for (INDArray part : updater.getGradientsForMinibatchDivision()) {
        divisions.add(Scaling.of(new ScalarDivision(part, null, part, 1)));
      }
    }
    Set<Trainable> layers = new LinkedHashSet<>();
    for (UpdaterBlock block : updater.getUpdaterBlocks()) {
      block.getLayersAndVariablesInBlock().forEach(param -> layers.add(param.getLayer()));
    }
    layers.forEach(this::addClipping);
    updater.getUpdaterBlocks().forEach(this::addBlock);
    INDArray gradient = network.getFlattenedGradients();
    INDArray params = network.params();
    INDArray flat = gradient.reshape(gradient.length());
    INDArray kept = flat.dup();
    flat.assign(0); // preparing the subtraction subtracts nothing
    subtraction = Tape.record(() -> params.subi(flat));
    flat.assign(kept);
  }

  /**
   * To be called after an update by DL4J itself.
   *
   * @return null where DL4J's updater does something that is not among what Descry's jobs ask for
   */
  static PreparedUpdate of(ComputationGraph network) {
    PreparedUpdate update = new PreparedUpdate(network, network.getUpdater());
    return update.complete ? update : null;
  }

  /**
   * @param examples in the batch
   */
  void run(int examples, int iteration, int epoch) {
    for (int i = 0; i < divisions.size(); i++) {
      divisions.get(i).run(examples);
    }
    for (int i = 0; i < rules.size(); i++) {
      rules.get(i).apply(iteration, epoch);
    }
    subtraction.replay();
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
      case ClipL2PerLayer -> rules.add(clipNorm(gradient, threshold));
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

  private static Rule clipNorm(INDArray gradient, double threshold) {
    INDArray[] norm = new INDArray[1];
    Tape tape = Tape.record(() -> norm[0] = Nd4j.getExecutioner().exec(new Norm2(gradient)));
    Scaling scaling = Scaling.of(new ScalarMultiplication(gradient, null, gradient, 1));
    Indexer result = norm[0].data().indexer();
    return (iteration, epoch) -> {
      tape.replay();
      double of = result.getDouble(0);
      if (of > threshold) {
        scaling.run(threshold / of);
      }
    };
  }

  private void addBlock(UpdaterBlock block) {
    IUpdater rates = block.getGradientUpdater().getConfig();
    addRegularization(block, Regularization.ApplyStep.BEFORE_UPDATER, rates);
    INDArray gradient = block.getGradientView();
    add(Rule.of(block.getGradientUpdater(), gradient.reshape(gradient.length())));
    addRegularization(block, Regularization.ApplyStep.POST_UPDATER, rates);
  }

  private void addRegularization(
      UpdaterBlock block, Regularization.ApplyStep when, IUpdater rates) {
    for (UpdaterBlock.ParamState param : block.getLayersAndVariablesInBlock()) {
      List<Regularization> terms =
          param.getLayer().getConfig().getRegularizationByParam(param.getParamName());
      for (Regularization term : terms == null ? List.<Regularization>of() : terms) {
        if (term.applyStep() == when) {
          add(regularization(term, param, rates));
        }
      }
    }
  }

  private static Rule regularization(
      Regularization term, UpdaterBlock.ParamState param, IUpdater rates) {
    INDArray gradient = param.getGradView();
    TunableOp add = new TunableOp(new Axpy(param.getParamView(), gradient, gradient, 1));
    if (term.getClass() == L2Regularization.class) { // a subclass may have a rule of its own
      ISchedule coefficient = ((L2Regularization) term).getL2();
      return (iteration, epoch) -> add.reals(coefficient.valueAt(iteration, epoch)).run();
    }
    if (term.getClass() == WeightDecay.class) {
      WeightDecay decay = (WeightDecay) term;
      ISchedule coefficient = decay.getCoeff();
      boolean times = decay.isApplyLR() && rates.hasLearningRate();
      return (iteration, epoch) -> {
        double rate = times ? rates.getLearningRate(iteration, epoch) : 1;
        add.reals(coefficient.valueAt(iteration, epoch) * rate).run();
      };
    }
    return null;
  }
}
