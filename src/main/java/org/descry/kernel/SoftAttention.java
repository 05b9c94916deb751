package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Soft attention over the places of a grid (Xu et al., "Show, Attend and Tell", 2015): before each
 * step a recurrence weighs the places by its state and reads their mean, {@code u[l] = tanh(g[l] Wg
 * + bg + h Wq), e[l] = u[l] v, w = softmax(e), z = sum over l of w[l] g[l], a += z Wz}, where a is
 * what the input gives to the recurrence's preactivations.
 *
 * <p>Shapes: g is N x L x D in row-major memory, h N x H, Wg D x A, bg A, Wq H x A, v A x 1, Wz D x
 * (G H); a mask is N x T. Types: all FLOAT or all DOUBLE.
 *
 * <p>The weights of a step sum to 1; the penalty {@code p sum over l of (1 - sum over t of
 * w[t][l])^2}, summed over the sequences that the mask keeps some step of, wants those of a place
 * to do so over the steps that it keeps.
 *
 * <p>Backward, with dA all that arrives at a: {@code dz = dA Wz^T, dw[l] = g[l] dz - 2 p (1 - sum
 * w[l]), de = w (dw - sum w dw), du[l] = de[l] v^T (1 - u[l]^2)}; {@code dh = (sum du) Wq^T, dg = w
 * dz + du Wg^T, dWz = Z^T dA, dWq = H^T (sum du), dWg = G^T du, dbg = sum du, dv = sum U^T de}. u
 * is L times as large as a state and so computed twice, not kept.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class SoftAttention implements StepInput {
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0);
  private final NativeOp affine = new NativeOp("matmul", 0, 0, 0).then("biasadd");
  private final NativeOp addProduct = new NativeOp("matmul", 0, 0, 0).reals(1, 1);
  private final NativeOp addProductTransposeA = new NativeOp("matmul", 1, 0, 0).reals(1, 1);
  private final NativeOp productTransposeA = new NativeOp("matmul", 1, 0, 0);
  private final NativeOp spread = new NativeOp("matmul", 0, 0, 0).then("add").then("tanh");
  private final NativeOp outer = new NativeOp("matmul", 0, 0, 0).then("multiply");
  private final NativeOp softmax = new NativeOp("softmax", 1);
  private final NativeOp transpose = new NativeOp("transpose");
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");
  private final NativeOp add = new NativeOp("add");
  private final TanhDerivative tanhDerivative = new TanhDerivative();
  private final RowSum biasGradient = new RowSum();
  private final Steps weights = new Steps();
  private final Steps contexts = new Steps();
  private final Steps queries = new Steps();
  private final Steps queryGradients = new Steps();
  private final Scratch[] buffers = new Scratch[Buffer.values().length];
  private final PlacePenalty penalty;
  private Parameters p;
  private Parameters gradients;
  private INDArray grid;
  private long n;
  private long places;
  private long steps;

  private enum Buffer {
    KEYS,
    KEY_GRADIENT,
    GRID_GRADIENT,
    SQUASHED,
    SLOPES,
    FLOW,
    CONTEXT_GRADIENT,
    WEIGHT_GRADIENT,
    SCORE_GRADIENT,
    SUMS,
    ONES,
    COLUMN,
    QUERY_TRANSPOSED,
    READ_TRANSPOSED,
    GRID_TRANSPOSED
  }

  /**
   * What is learnt, or its gradients.
   *
   * @param grid Wg
   * @param bias bg
   * @param query Wq
   * @param score v
   * @param read Wz
   */
  public record Parameters(
      INDArray grid, INDArray bias, INDArray query, INDArray score, INDArray read) {}

  /**
   * @param penalty p, at least 0
   */
  public SoftAttention(double penalty) {
    this.penalty = new PlacePenalty(penalty);
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = new Scratch();
    }
  }

  /**
   * Before the first step of a sequence.
   *
   * @param g what is looked at; it stays as it is until the way back is done
   * @param mask which steps count for the penalty, or null for all
   * @param t the number of steps
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public void begin(INDArray g, Parameters parameters, INDArray mask, long t) {
    Check.shape("SoftAttention", "the grid", g, -1, -1, parameters.grid.size(0));
    long width = parameters.grid.size(1);
    Check.shape("SoftAttention", "bg", parameters.bias, width);
    Check.shape("SoftAttention", "Wq", parameters.query, -1, width);
    Check.shape("SoftAttention", "v", parameters.score, width, 1);
    Check.shape("SoftAttention", "Wz", parameters.read, g.size(2), -1);
    Check.type(
        "SoftAttention",
        g,
        parameters.grid,
        parameters.bias,
        parameters.query,
        parameters.score,
        parameters.read);
    grid = g;
    p = parameters;
    n = g.size(0);
    places = g.size(1);
    steps = t;
    penalty.begin(g.dataType(), n, places, mask, t);
    weights.buffer(g.dataType(), t, n, places);
    contexts.buffer(g.dataType(), t, n, g.size(2));
    queries.buffer(g.dataType(), t, n, width);
    INDArray ones = buffer(Buffer.ONES, n, 1, places);
    INDArray column = buffer(Buffer.COLUMN, places, 1);
    Tape.once(
        () -> {
          ones.assign(1);
          column.assign(1);
        });
    affine.in(rows(grid), p.grid, p.bias).out(rows(keys())).run();
  }

  private INDArray buffer(Buffer which, long... shape) {
    return buffers[which.ordinal()].get(grid.dataType(), shape);
  }

  private INDArray keys() {
    return buffer(Buffer.KEYS, n, places, p.grid.size(1));
  }

  /** N x L x K as (N L) x K. */
  private static INDArray rows(INDArray array) {
    return Layout.reshape(array, array.size(0) * array.size(1), array.size(2));
  }

  /** N x K as N x 1 x K. */
  private static INDArray across(INDArray array) {
    return Layout.reshape(array, array.size(0), 1, array.size(1));
  }

  /** N x K as N x K x 1. */
  private static INDArray along(INDArray array) {
    return Layout.reshape(array, array.size(0), array.size(1), 1);
  }

  /** u of a step, N x L x A. */
  private INDArray squashed(long step) {
    INDArray u = buffer(Buffer.SQUASHED, n, places, p.grid.size(1));
    INDArray ones = Layout.reshape(buffer(Buffer.ONES, n, 1, places), n, places, 1);
    spread.in(ones, across(queries.step(step)), keys()).out(u).run();
    return u;
  }

  @Override
  public void forward(long step, INDArray before, INDArray a) {
    product.in(before, p.query).out(queries.step(step)).run();
    INDArray w = weights.step(step);
    product.in(rows(squashed(step)), p.score).out(Layout.reshape(w, n * places, 1)).run();
    softmax.in(w).out(w).run();
    INDArray z = contexts.step(step);
    product.in(across(w), grid).out(across(z)).run();
    addProduct.in(z, p.read).out(a).run();
    penalty.add(step, w);
  }

  /** After the last step: the penalty is known. */
  public void end() {
    penalty.end();
  }

  /** The penalty of the latest pass, summed over its sequences; 0 before the first. */
  public double penalty() {
    return penalty.value();
  }

  /** The weights of a step of the latest pass, N x L; they hold until the next pass. */
  public INDArray weights(long step) {
    return weights.step(step);
  }

  /**
   * Before the way back.
   *
   * @param into where the parameters' gradients go
   */
  public void startBackward(Parameters into) {
    gradients = into;
    into.score.assign(0);
    keyGradient().assign(0);
    gridGradient().assign(0);
    queryGradients.buffer(grid.dataType(), steps, n, p.grid.size(1));
    transposed(p.query, Buffer.QUERY_TRANSPOSED);
    transposed(p.read, Buffer.READ_TRANSPOSED);
    transposed(p.grid, Buffer.GRID_TRANSPOSED);
    penalty.startBackward();
  }

  private void transposed(INDArray matrix, Buffer into) {
    transpose.in(matrix).out(transposed(into, matrix)).run();
  }

  private INDArray transposed(Buffer of, INDArray matrix) {
    return buffer(of, matrix.size(1), matrix.size(0));
  }

  private INDArray keyGradient() {
    return buffer(Buffer.KEY_GRADIENT, n, places, p.grid.size(1));
  }

  /** The gradient of the grid once the way back is done, N x L x D. */
  public INDArray gridGradient() {
    return buffer(Buffer.GRID_GRADIENT, grid.shape());
  }

  @Override
  public void backward(long step, INDArray dA, INDArray dBefore) {
    INDArray dZ = buffer(Buffer.CONTEXT_GRADIENT, n, grid.size(2));
    product.in(dA, transposed(Buffer.READ_TRANSPOSED, p.read)).out(dZ).run();
    INDArray w = weights.step(step);
    INDArray dW = buffer(Buffer.WEIGHT_GRADIENT, n, places);
    product.in(grid, along(dZ)).out(along(dW)).run();
    addProduct.in(along(w), across(dZ)).out(gridGradient()).run();
    penalty.addGradient(step, dW);
    INDArray dE = scoreGradient(w, dW);
    INDArray du = squashedGradient(step, Layout.reshape(dE, n * places, 1));
    INDArray dQ = queryGradients.step(step);
    product.in(buffer(Buffer.ONES, n, 1, places), du).out(across(dQ)).run();
    add.in(keyGradient(), du).out(keyGradient()).run();
    if (dBefore != null) {
      addProduct.in(dQ, transposed(Buffer.QUERY_TRANSPOSED, p.query)).out(dBefore).run();
    }
  }

  /** Through the softmax. */
  private INDArray scoreGradient(INDArray w, INDArray dW) {
    INDArray dE = buffer(Buffer.SCORE_GRADIENT, n, places);
    INDArray sums = buffer(Buffer.SUMS, n, 1);
    multiply.in(w, dW).out(dE).run();
    product.in(dE, buffer(Buffer.COLUMN, places, 1)).out(sums).run();
    subtract.in(dW, sums).out(dW).run();
    multiply.in(w, dW).out(dE).run();
    return dE;
  }

  /** Through the scores and the tanh; adds to the gradient of v. */
  private INDArray squashedGradient(long step, INDArray dE) {
    INDArray u = squashed(step);
    INDArray slopes = buffer(Buffer.SLOPES, u.shape());
    INDArray du = buffer(Buffer.FLOW, u.shape());
    tanhDerivative.run(u, slopes);
    addProductTransposeA.in(rows(u), dE).out(gradients.score).run();
    INDArray v = Layout.reshape(p.score, 1, p.score.size(0));
    outer.in(dE, v, rows(slopes)).out(rows(du)).run();
    return du;
  }

  @Override
  public void finish(INDArray before, INDArray dA) {
    productTransposeA.in(before, queryGradients.rows(0, steps)).out(gradients.query).run();
    productTransposeA.in(contexts.rows(0, steps), dA).out(gradients.read).run();
    INDArray dKeys = rows(keyGradient());
    productTransposeA.in(rows(grid), dKeys).out(gradients.grid).run();
    biasGradient.run(dKeys, gradients.bias);
    addProduct
        .in(dKeys, transposed(Buffer.GRID_TRANSPOSED, p.grid))
        .out(rows(gridGradient()))
        .run();
  }
}
