package org.descry.replay;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.descry.engine.Allocator;
import org.descry.engine.dnn.VectorPass;
import org.descry.engine.tape.TunableOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.RmsPropUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * One of DL4J's rules together with the division before it and the subtraction after it, as a few
 * passes of oneDNN: they round where ND4J's operations do, which are slower by their roots and
 * quotients element by element. A rule stands only where it has given ND4J's bits on a sample,
 * since those hang on the binary that is loaded. Afterwards the gradient holds nothing in
 * particular, or the steps where they are asked for.
 */
final class FusedRule implements Rule {
  private static final Set<Class<?>> KNOWN =
      Set.of(AdamUpdater.class, RmsPropUpdater.class, SgdUpdater.class);
  private static final int SAMPLE = 256;
  private static final int SAMPLE_STEPS = 3;
  private static final int SAMPLE_EXAMPLES = 3;

  private final VectorPass[] passes;
  private final int sign;
  private final Rate rate;
  private final Number number;

  /** The size of a step, before the rule's own scaling by the element. */
  @FunctionalInterface
  private interface Rate {
    double at(int iteration, int epoch);
  }

  /** A number that passes read. */
  record Number(INDArray array, FloatIndexer at) {
    static Number of(double value) {
      INDArray array = Allocator.DETACHED.create(DataType.FLOAT, 1);
      Number number = new Number(array, floats(array));
      number.set(value);
      return number;
    }

    void set(double value) {
      at.put(0, (float) value);
    }
  }

  private static FloatIndexer floats(INDArray array) {
    return (FloatIndexer) array.data().indexer();
  }

  /**
   * @param sign of the rate in the last pass
   */
  private FusedRule(int sign, Rate rate, Number number, VectorPass... passes) {
    this.sign = sign;
    this.rate = rate;
    this.number = number;
    this.passes = passes;
  }

  /**
   * @param gradient of the parameters that the rule is for, one after another
   * @param divisor of the gradient
   * @param params those parameters; null if the steps are not to be subtracted but to be in the
   *     gradient's place
   * @return null where the rule is not fused
   */
  static FusedRule of(
      GradientUpdater<?> updater, INDArray gradient, Number divisor, INDArray params) {
    boolean known = KNOWN.contains(updater.getClass()); // a subclass may have a rule of its own
    boolean fits = params != null || updater instanceof AdamUpdater; // what decays apart has it
    return known && fits && VectorPass.possible(gradient) && matches(updater.getConfig())
        ? make(updater, gradient, divisor, params)
        : null;
  }

  private static FusedRule make(
      GradientUpdater<?> updater, INDArray gradient, Number divisor, INDArray params) {
    INDArray n = divisor.array();
    if (updater instanceof AdamUpdater adam) {
      return adam(adam, gradient, n, params);
    }
    return updater instanceof RmsPropUpdater rmsProp
        ? rmsProp(rmsProp, gradient, n, params)
        : sgd(((SgdUpdater) updater).getConfig(), gradient, n, params);
  }

  private static FusedRule adam(AdamUpdater updater, INDArray g, INDArray n, INDArray w) {
    Adam rule = updater.getConfig();
    INDArray m = updater.getM();
    INDArray v = updater.getV();
    float beta1 = (float) rule.getBeta1();
    float beta2 = (float) rule.getBeta2();
    Number rate = Number.of(0);
    VectorPass.Operations step = VectorPass.product(m, rate.array()).dividedBy(g);
    return new FusedRule(
        w == null ? 1 : -1,
        correctedRate(rule),
        rate,
        VectorPass.quotient(g, n).times(Number.of(1 - beta1).array()).addTo(m, beta1),
        VectorPass.quotient(g, n).squared().times(Number.of(1 - beta2).array()).addTo(v, beta2),
        rooted(v, rule.getEpsilon(), g),
        w == null ? step.into(g) : step.addTo(w, 1));
  }

  /**
   * Adam's rate with the correction of both moments, as ND4J's operation rounds it: on ones and
   * with no epsilon that is the operation's result.
   */
  private static Rate correctedRate(Adam rule) {
    INDArray step = Nd4j.ones(DataType.FLOAT, 1, 1);
    INDArray one = Nd4j.ones(DataType.FLOAT, 1, 1);
    TunableOp op =
        new TunableOp(
            new org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater(
                step, one, one.dup(), 1, rule.getBeta1(), rule.getBeta2(), 0, 0));
    FloatIndexer at = floats(step);
    return (iteration, epoch) -> {
      at.put(0, 1);
      op.reals(rule.getLearningRate(iteration, epoch), rule.getBeta1(), rule.getBeta2(), 0)
          .integer(iteration)
          .run();
      return at.get(0);
    };
  }

  private static FusedRule rmsProp(RmsPropUpdater updater, INDArray g, INDArray n, INDArray w) {
    RmsProp rule = updater.getConfig();
    INDArray mean = updater.getLastGradient();
    float decay = (float) rule.getRmsDecay();
    INDArray root = Allocator.DETACHED.create(DataType.FLOAT, g.length());
    Number minusRate = Number.of(0);
    return new FusedRule(
        -1,
        rule::getLearningRate,
        minusRate,
        VectorPass.quotient(g, n).squared().times(Number.of(1 - decay).array()).addTo(mean, decay),
        rooted(mean, rule.getEpsilon(), root),
        VectorPass.quotient(g, n).times(minusRate.array()).dividedBy(root).addTo(w, 1));
  }

  private static VectorPass rooted(INDArray squares, double epsilon, INDArray into) {
    return VectorPass.product(squares, Number.of(1).array())
        .root()
        .plus(Number.of(epsilon).array())
        .into(into);
  }

  private static FusedRule sgd(Sgd rule, INDArray g, INDArray n, INDArray w) {
    Number minusRate = Number.of(0);
    return new FusedRule(
        -1,
        rule::getLearningRate,
        minusRate,
        VectorPass.quotient(g, n).times(minusRate.array()).addTo(w, 1));
  }

  @Override
  public void apply(int iteration, int epoch) {
    number.set(sign * rate.at(iteration, epoch));
    for (VectorPass pass : passes) {
      pass.run();
    }
  }

  /** Whether the passes give the bits of ND4J's operations. */
  private static boolean matches(IUpdater config) {
    Random random = new Random(1);
    INDArray params = sample(random, SAMPLE);
    INDArray others = params.dup();
    long states = config.stateSize(SAMPLE);
    INDArray state = states == 0 ? null : sample(random, states);
    INDArray otherState = states == 0 ? null : state.muli(state).dup();
    Number divisor = Number.of(SAMPLE_EXAMPLES);
    INDArray gradient = sample(random, SAMPLE);
    INDArray other = gradient.dup();
    FusedRule fused = make(config.instantiate(state, false), gradient, divisor, params);
    Rule plain = Rule.of(config.instantiate(otherState, false), other);
    Scaling division = Scaling.division(other);
    for (int i = 0; i < SAMPLE_STEPS; i++) {
      gradient.assign(sample(random, SAMPLE));
      other.assign(gradient);
      fused.apply(i, 0);
      division.run(SAMPLE_EXAMPLES);
      plain.apply(i, 0);
      others.subi(other);
    }
    return same(params, others) && (states == 0 || same(state, otherState));
  }

  private static INDArray sample(Random random, long length) {
    float[] values = new float[(int) length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape(1, length);
  }

  private static boolean same(INDArray one, INDArray other) {
    return Arrays.equals(
        one.reshape(one.length()).toFloatVector(), other.reshape(other.length()).toFloatVector());
  }
}
