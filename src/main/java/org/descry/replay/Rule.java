package org.descry.replay;

import org.descry.engine.tape.TunableOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.NesterovsUpdater;
import org.nd4j.linalg.learning.NoOpUpdater;
import org.nd4j.linalg.learning.RmsPropUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** What makes a gradient the step that is subtracted from the parameters, in place. */
@FunctionalInterface
interface Rule {
  void apply(int iteration, int epoch);

  /**
   * DL4J's rule as one prepared operation, with the rate and momentum of each step.
   *
   * @param gradient of the parameters that the rule is for, one after another
   * @return null for a rule that is not among those of Descry's jobs
   */
  static Rule of(GradientUpdater<?> updater, INDArray gradient) {
    Class<?> type = updater.getClass(); // a subclass may have a rule of its own
    if (type == AdamUpdater.class) {
      return adam((AdamUpdater) updater, gradient);
    } else if (type == NesterovsUpdater.class) {
      return nesterovs((NesterovsUpdater) updater, gradient);
    } else if (type == RmsPropUpdater.class) {
      return rmsProp((RmsPropUpdater) updater, gradient);
    } else if (type == SgdUpdater.class) {
      return sgd(((SgdUpdater) updater).getConfig(), gradient);
    }
    return type == NoOpUpdater.class ? (iteration, epoch) -> {} : null;
  }

  private static Rule adam(AdamUpdater updater, INDArray gradient) {
    Adam rule = updater.getConfig();
    INDArray v = updater.getV();
    TunableOp op =
        new TunableOp(
            new org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater(
                gradient.reshape(v.shape()),
                v,
                updater.getM(),
                1,
                rule.getBeta1(),
                rule.getBeta2(),
                rule.getEpsilon(),
                0));
    return (iteration, epoch) ->
        op.reals(
                rule.getLearningRate(iteration, epoch),
                rule.getBeta1(),
                rule.getBeta2(),
                rule.getEpsilon())
            .integer(iteration)
            .run();
  }

  private static Rule nesterovs(NesterovsUpdater updater, INDArray gradient) {
    Nesterovs rule = updater.getConfig();
    INDArray v = updater.getV();
    TunableOp op =
        new TunableOp(
            new org.nd4j.linalg.api.ops.impl.updaters.NesterovsUpdater(
                gradient.reshape(v.shape()), v, 1, 1));
    return (iteration, epoch) ->
        op.reals(rule.getLearningRate(iteration, epoch), rule.currentMomentum(iteration, epoch))
            .run();
  }

  private static Rule rmsProp(RmsPropUpdater updater, INDArray gradient) {
    RmsProp rule = updater.getConfig();
    INDArray mean = updater.getLastGradient();
    TunableOp op =
        new TunableOp(
            new org.nd4j.linalg.api.ops.impl.updaters.RmsPropUpdater(
                gradient.reshape(mean.shape()), mean, 1, rule.getRmsDecay(), rule.getEpsilon()));
    return (iteration, epoch) ->
        op.reals(rule.getLearningRate(iteration, epoch), rule.getRmsDecay(), rule.getEpsilon())
            .run();
  }

  private static Rule sgd(Sgd rule, INDArray gradient) {
    TunableOp op = new TunableOp(new org.nd4j.linalg.api.ops.impl.updaters.SgdUpdater(gradient, 1));
    return (iteration, epoch) -> op.reals(rule.getLearningRate(iteration, epoch)).run();
  }
}
