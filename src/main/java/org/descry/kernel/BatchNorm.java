package org.descry.kernel;

import java.util.Arrays;
import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Ranks;
import org.descry.engine.Scratch;
import org.descry.engine.dnn.FastOp;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch normalisation (Ioffe and Szegedy, 2015): {@code out = gamma (x - mean) / sqrt(variance +
 * eps) + beta}.
 *
 * <p>Shapes: x is N x C, or N x C x H x W in any strides (fastest over N x H x W x C memory), which
 * is N H W rows of C; gamma, beta and the running averages are C; out has the shape of x, images
 * over channels-last memory. Types: all FLOAT or all DOUBLE.
 *
 * <p>In training, mean and variance are those of the rows (of all shards where a batch is shared
 * and {@link Ranks#wholeBatch} says so), the variance being the biased one; in testing they are the
 * running averages. A single row has no variance, its output would be beta whatever the input: in
 * training it is refused.
 *
 * <p>Backward, with R rows and {@code xhat = (x - mean) / sqrt(variance + eps)}: {@code dBeta = sum
 * of dOut, dGamma = sum of dOut xhat, dX = gamma / sqrt(variance + eps) (dOut - dBeta / R - xhat
 * dGamma / R)}; in testing the averages are constants and the two corrections fall away.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class BatchNorm {
  /** What is added to the variance, unless the rates say otherwise. */
  public static final double EPSILON = 1e-5;

  /** What a running average keeps of itself in each step, unless the rates say otherwise. */
  public static final double MOMENTUM = 0.9;

  /**
   * Its two constants.
   *
   * @param epsilon what is added to the variance, above 0
   * @param momentum what a running average keeps of itself in each step, from 0 to below 1
   */
  public record Rates(double epsilon, double momentum) {
    /** {@link #EPSILON} and {@link #MOMENTUM}. */
    public static final Rates USUAL = new Rates(EPSILON, MOMENTUM);

    public Rates {
      if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY && momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException(
            "expected a batch norm's epsilon above 0 and momentum from 0 to below 1, got %s and %s"
                .formatted(epsilon, momentum));
      }
    }
  }

  private final Rates rates;

  private final FastOp fast;
  private final FastOp fastGradient;
  private final NativeOp addRow = new NativeOp("biasadd");
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp scaleAndShift = new NativeOp("multiply").then("biasadd");
  private final NativeOp combine =
      new NativeOp("multiply").then("add").then("biasadd").then("multiply");
  private final NativeOp add = new NativeOp("add");
  private final RowSum rowSum = new RowSum();
  private final Scratch input = new Scratch();
  private final Scratch outputGradient = new Scratch();
  private final Scratch centred = new Scratch();
  private final Scratch products = new Scratch();
  private final Scratch means = new Scratch();
  private final Scratch negativeMean = new Scratch();
  private final Scratch variance = new Scratch();
  private final Scratch inverseStd = new Scratch();
  private final Scratch scale = new Scratch();
  private final Scratch correction = new Scratch();
  private final Scratch meanGradient = new Scratch();
  private final Scratch shardMean = new Scratch();
  private final Scratch shardVariance = new Scratch();

  public BatchNorm() {
    this(Rates.USUAL);
  }

  public BatchNorm(Rates rates) {
    this.rates = rates;
    fast = FastOp.batchNorm(rates.epsilon);
    fastGradient = FastOp.batchNormGradient(rates.epsilon);
  }

  /** The layer's parameters and its running averages, each of shape C. */
  public record Parameters(
      INDArray gamma, INDArray beta, INDArray runningMean, INDArray runningVariance) {}

  /**
   * What the backward pass needs; it holds until the next forward pass of the same kernel.
   *
   * @param ranks who shares the batch, or null for nobody
   * @param x as rows, R x C, where oneDNN normalised; else null
   * @param mean of the rows where oneDNN normalised
   * @param centred the rows minus their mean, R x C; null where oneDNN normalised
   * @param negativeMean of the rows, or of the running average in testing
   * @param inverseStd {@code 1 / sqrt(variance + eps)}; null where oneDNN normalised
   */
  public record Cache(
      Parameters parameters,
      boolean training,
      Ranks ranks,
      INDArray x,
      INDArray mean,
      INDArray centred,
      INDArray negativeMean,
      INDArray variance,
      INDArray inverseStd,
      INDArray out) {}

  /**
   * Leaves the running averages as they are: see {@link #updateRunning}.
   *
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(INDArray x, Parameters p, boolean training, Allocator allocator) {
    check(x, p);
    Ranks ranks = training ? Ranks.current() : null;
    Ranks all = ranks != null && ranks.wholeBatch() ? ranks : null;
    long count = x.length() / x.size(1);
    long counted = all == null ? count : all.rows(count);
    if (training && counted == 1) {
      throw new IllegalArgumentException(
          "BatchNorm: expected more than one value a channel in training, got x of shape "
              + Arrays.toString(x.shape()));
    }
    boolean images = x.rank() == 4;
    INDArray last = images ? Layout.channelsLast(x, input) : Layout.rowMajor(x, input);
    INDArray outLast = allocator.create(x.dataType(), last.shape());
    long channels = x.size(1);
    INDArray rows = Layout.reshape(last, count, channels);
    INDArray out = Layout.reshape(outLast, rows.shape());

    INDArray minusMean = negativeMean.get(x.dataType(), channels);
    INDArray var = variance.get(x.dataType(), channels);
    if (training && all == null) {
      INDArray mean = means.get(x.dataType(), channels);
      INDArray[] in = {rows, p.gamma, p.beta};
      if (fast.run(in, mean, var, out)) {
        minusMean.assign(mean).negi();
        INDArray seen = images ? Layout.channelsFirstView(outLast) : outLast;
        return new Cache(p, true, ranks, rows, mean, null, minusMean, var, null, seen);
      }
    }
    INDArray difference = centred.get(x.dataType(), rows.shape());
    if (training) {
      rowSum.run(rows, minusMean);
      sum(all, minusMean);
      minusMean.muli(-1.0 / counted);
      addRow.in(rows, minusMean).out(difference).run();
      multiply.in(difference, difference).out(out).run();
      rowSum.run(out, var);
      sum(all, var);
      var.muli(1.0 / counted);
    } else {
      minusMean.assign(p.runningMean).negi();
      addRow.in(rows, minusMean).out(difference).run();
      var.assign(p.runningVariance);
    }
    INDArray inverse = inverseStd.get(x.dataType(), channels).assign(var).addi(rates.epsilon);
    Nd4j.getExecutioner().exec(new RSqrt(inverse, inverse));
    INDArray factor = scale.get(x.dataType(), channels);
    multiply.in(p.gamma, inverse).out(factor).run();
    scaleAndShift.in(difference, factor, p.beta).out(out).run();
    return new Cache(
        p,
        training,
        ranks,
        null,
        null,
        difference,
        minusMean,
        var,
        inverse,
        images ? Layout.channelsFirstView(outLast) : outLast);
  }

  /**
   * Moves the running averages towards the batch's: {@code running = momentum running + (1 -
   * momentum) batch}. It is no part of the forward pass, which also scores and predicts. Does
   * nothing in testing. Where shards of a batch have statistics of their own, it moves them towards
   * the mean over the shards.
   */
  public void updateRunning(Cache cache) {
    if (!cache.training) {
      return;
    }
    INDArray minusMean = cache.negativeMean;
    INDArray var = cache.variance;
    Ranks ranks = cache.ranks;
    if (ranks != null && !ranks.wholeBatch()) {
      minusMean = shardMean.get(minusMean.dataType(), minusMean.shape()).assign(minusMean);
      var = shardVariance.get(var.dataType(), var.shape()).assign(var);
      sum(ranks, minusMean.muli(ranks.share()));
      sum(ranks, var.muli(ranks.share()));
    }
    if (ranks == null || ranks.keepsState()) {
      move(cache.parameters.runningMean, minusMean, rates.momentum - 1);
      move(cache.parameters.runningVariance, var, 1 - rates.momentum);
    }
  }

  /**
   * @param ranks null where the array holds the sum already
   */
  private static void sum(Ranks ranks, INDArray array) {
    if (ranks != null) {
      Tape.run(() -> ranks.sum().of(array));
    }
  }

  private void move(INDArray running, INDArray batch, double weight) {
    INDArray step = correction.get(batch.dataType(), batch.shape()).assign(batch).muli(weight);
    running.muli(rates.momentum);
    add.in(running, step).out(running).run();
  }

  /**
   * Writes the parameters' gradients into {@code dGamma} and {@code dBeta}.
   *
   * @param allocator where the input's gradient goes, or null where nobody needs it
   * @return dX in the shape of x, images over channels-last memory, or null
   */
  public INDArray backward(
      INDArray dOut, Cache cache, INDArray dGamma, INDArray dBeta, Allocator allocator) {
    Check.shape("BatchNorm", "dOut", dOut, cache.out.shape());
    boolean images = dOut.rank() == 4;
    INDArray dLast =
        images ? Layout.channelsLast(dOut, outputGradient) : Layout.rowMajor(dOut, outputGradient);
    INDArray rows = Layout.reshape(dLast, dOut.length() / dGamma.length(), dGamma.length());
    INDArray dXLast = allocator == null ? null : allocator.create(dOut.dataType(), dLast.shape());
    INDArray dX =
        allocator == null
            ? products.get(dOut.dataType(), rows.shape())
            : Layout.reshape(dXLast, rows.shape());

    if (cache.x != null) {
      INDArray[] in = {cache.x, cache.mean, cache.variance, cache.parameters.gamma, rows};
      if (!fastGradient.run(in, dGamma, dBeta, dX)) {
        throw new IllegalStateException("expected the gradient of what oneDNN normalised");
      }
      return allocator == null ? null : images ? Layout.channelsFirstView(dXLast) : dXLast;
    }
    multiply.in(rows, cache.centred).out(dX).run();
    rowSum.run(dX, dGamma);
    multiply.in(dGamma, cache.inverseStd).out(dGamma).run();
    rowSum.run(rows, dBeta);
    if (allocator == null) {
      return null;
    }

    INDArray factor = scale.get(dOut.dataType(), dBeta.shape());
    multiply.in(cache.parameters.gamma, cache.inverseStd).out(factor).run();
    if (cache.training) {
      Ranks all = cache.ranks != null && cache.ranks.wholeBatch() ? cache.ranks : null;
      double minusOneRow = -1.0 / (all == null ? rows.size(0) : all.rows(rows.size(0)));
      INDArray row = correction.get(dOut.dataType(), dBeta.shape());
      INDArray gammas = dGamma;
      if (all != null) {
        gammas = row.assign(dGamma);
        sum(all, gammas);
      }
      multiply.in(gammas, cache.inverseStd).out(row).run();
      INDArray shift = meanGradient.get(dOut.dataType(), dBeta.shape());
      shift.assign(dBeta);
      sum(all, shift);
      shift.muli(minusOneRow);
      combine.in(cache.centred, row.muli(minusOneRow), rows, shift, factor).out(dX).run();
    } else {
      multiply.in(rows, factor).out(dX).run();
    }
    return images ? Layout.channelsFirstView(dXLast) : dXLast;
  }

  private static void check(INDArray x, Parameters p) {
    if (x.rank() != 2) {
      Check.shape("BatchNorm", "x", x, -1, -1, -1, -1);
    }
    Check.type("BatchNorm", x, p.gamma, p.beta, p.runningMean, p.runningVariance);
    long channels = x.size(1);
    Check.shape("BatchNorm", "gamma", p.gamma, channels);
    Check.shape("BatchNorm", "beta", p.beta, channels);
    Check.shape("BatchNorm", "the running mean", p.runningMean, channels);
    Check.shape("BatchNorm", "the running variance", p.runningVariance, channels);
  }
}
