package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The gates of an LSTM, N x 4H in the order i, f, o, g, of which the first three pass a sigmoid and
 * the last a tanh, and what they do to the states.
 *
 * <p>{@code sigmoid(a) = (1 + tanh(a / 2)) / 2} makes one tanh of the whole row, which takes a
 * third of the time of the native sigmoid.
 */
final class LstmGates {
  private static final int GATES = RnnCell.LSTM.gates();

  private final NativeOp gates =
      new NativeOp("matmul", 0, 0, 0)
          .reals(1, 1)
          .then("multiply")
          .then("tanh")
          .then("multiply")
          .then("add");
  private final NativeOp tanh = new NativeOp("tanh");
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");
  private final NativeOp add = new NativeOp("add");
  private final NativeOp addRow = new NativeOp("biasadd");
  private final NativeOp split = new NativeOp("split", GATES, 1);
  private final Scratch scales = new Scratch();
  private final Scratch shifts = new Scratch();
  private final Scratch offsets = new Scratch();
  private final Scratch products = new Scratch();
  private INDArray scale;
  private INDArray shift;
  private INDArray offset;

  /** The gates one by one, N x H each. */
  record Parts(INDArray i, INDArray f, INDArray o, INDArray g) {}

  /** Before the first call for a width: 1/2, 1/2, 1/2, 1 and so on, H times each. */
  void prepare(DataType type, long hidden) {
    if (scale == null || scale.length() != GATES * hidden || scale.dataType() != type) {
      scale = row(scales, type, hidden, 0.5, 1);
      shift = row(shifts, type, hidden, 0.5, 0);
      offset = row(offsets, type, hidden, 0, 1);
    }
  }

  private static INDArray row(
      Scratch scratch, DataType type, long hidden, double forSigmoid, double forTanh) {
    INDArray row = scratch.get(type, GATES * hidden).assign(forSigmoid);
    row.get(NDArrayIndex.interval(3 * hidden, GATES * hidden)).assign(forTanh);
    return row;
  }

  /**
   * Preactivations {@code a + h wH} to gates, in place, and these one by one; then {@code c' = f c
   * + i g} and {@code h' = o tanh(c')}.
   *
   * @param a what the input gives to the preactivations, N x 4H
   * @param squashed where tanh(c') goes
   */
  void advance(
      INDArray h,
      INDArray wH,
      INDArray a,
      INDArray c,
      Parts parts,
      INDArray nextC,
      INDArray squashed,
      INDArray nextH) {
    gates.in(h, wH, scale, scale, shift).out(a).run();
    split.in(a).out(parts.i, parts.f, parts.o, parts.g).run();
    multiply.in(parts.f, c).out(nextC).run();
    multiply.in(parts.i, parts.g).out(squashed).run();
    add.in(nextC, squashed).out(nextC).run();
    tanh.in(nextC).out(squashed).run();
    multiply.in(parts.o, squashed).out(nextH).run();
  }

  /** Gates to their derivatives: s (1 - s) for a sigmoid and (s + 1) (1 - s) for a tanh. */
  void derivative(INDArray gates, INDArray out) {
    INDArray product = products.get(gates.dataType(), gates.shape());
    addRow.in(gates, offset).out(out).run();
    multiply.in(out, gates).out(product).run();
    subtract.in(out, product).out(out).run();
  }
}
