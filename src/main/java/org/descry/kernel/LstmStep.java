package org.descry.kernel;

import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One step of an {@link Lstm}: {@code (h', c')} of x, h and c.
 *
 * <p>Shapes: x is N x D; h, c, h' and c' are N x H; Wx is D x 4H, Wh is H x 4H, b is 4H, gates in
 * the order i, f, o, g. Types: all FLOAT or all DOUBLE.
 *
 * <p>An instance owns its scratch and is not thread-safe; a cache holds until the next forward
 * pass, and so do its h' and c'.
 */
public final class LstmStep {
  private final Lstm sequence = new Lstm();

  /** What the backward pass needs. */
  public record Cache(Lstm.Cache sequence) {
    /** h', N x H. */
    public INDArray h() {
      return sequence.last();
    }

    /** c', N x H. */
    public INDArray c() {
      return sequence.lastCell();
    }
  }

  /** The gradients that flow on: N x D, N x H and N x H. */
  public record Gradients(INDArray dX, INDArray dH, INDArray dC) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(
      INDArray x,
      INDArray h,
      INDArray c,
      INDArray wX,
      INDArray wH,
      INDArray b,
      Allocator allocator) {
    Check.shape("LstmStep", "x", x, -1, wX.size(0));
    return new Cache(sequence.forward(oneStep(x), h, c, wX, wH, b, null, allocator));
  }

  /**
   * Writes the parameters' gradients into {@code dWx, dWh, db}.
   *
   * @param dH the gradient that arrives at h'
   * @param dC the gradient that arrives at c', or null for zeros
   */
  public Gradients backward(
      INDArray dH,
      INDArray dC,
      Cache cache,
      INDArray dWx,
      INDArray dWh,
      INDArray db,
      Allocator allocator) {
    Check.shape("LstmStep", "dH'", dH, cache.h().shape());
    Lstm.Gradients flow =
        sequence.backward(
            oneStep(dH), null, dC, cache.sequence, dWx, dWh, db, allocator, allocator, allocator);
    return new Gradients(
        Layout.reshape(flow.dX(), dH.size(0), flow.dX().size(2)), flow.dH0(), flow.dC0());
  }

  private static INDArray oneStep(INDArray rows) {
    return rows.reshape(rows.size(0), 1, rows.size(1));
  }
}
