package org.descry.testing;

import java.util.ArrayList;
import java.util.List;
import org.descry.kernel.RnnCell;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link ReferenceRnn}s, {@link ReferenceLstm}s or {@link ReferenceGru}s on top of one another, by
 * definition: each layer reads all outputs of the one below; in both directions an output is the
 * forward state and the reversed one side by side.
 *
 * <p>x is N x T x D, h0 is N x (cells H) (of LSTMs N x (cells 2H), h and c of each) or null, out is
 * N x T x (directions H); cells come in the order layer 0, layer 0 reversed, layer 1, ...
 *
 * @param kind what the cells are
 * @param cells the parameters of all cells
 * @param directions 1 or 2
 * @param truncation as in {@link ReferenceRnn.Mode}
 */
public record ReferenceStackedRnn(RnnCell kind, List<Cell> cells, int directions, int truncation) {
  /** The parameters of a cell, or their gradients. */
  public record Cell(INDArray wx, INDArray wh, INDArray b) {}

  /** The gradients of x, of h0 (of zeros where it was null) and of every cell. */
  public record Gradients(INDArray dx, INDArray dh0, List<Cell> cells) {}

  /** The outputs of the last layer. */
  public INDArray forward(INDArray x, INDArray h0, INDArray mask) {
    List<INDArray> outputs = layerOutputs(x, h0, mask);
    return outputs.get(outputs.size() - 1);
  }

  /**
   * The gradients of sum(out * dOut) + sum(hN * dHn).
   *
   * @param dHn of the states in which the cells end, in the order of h0; null for zeros
   */
  public Gradients backward(INDArray dOut, INDArray dHn, INDArray x, INDArray h0, INDArray mask) {
    List<INDArray> outputs = layerOutputs(x, h0, mask);
    Cell[] gradients = new Cell[cells.size()];
    INDArray[] dStates = new INDArray[cells.size()];
    INDArray flowing = dOut;
    for (int layer = outputs.size() - 1; layer >= 0; layer--) {
      INDArray in = layer == 0 ? x : outputs.get(layer - 1);
      INDArray dIn = null;
      for (int direction = 0; direction < directions; direction++) {
        int i = layer * directions + direction;
        var g = cellBackward(i, part(flowing, direction), dHn, in, h0, mask);
        gradients[i] = g.cells.get(0);
        dStates[i] = g.dh0;
        dIn = dIn == null ? g.dx : dIn.add(g.dx);
      }
      flowing = dIn;
    }
    return new Gradients(flowing, sideBySide(dStates), List.of(gradients));
  }

  private List<INDArray> layerOutputs(INDArray x, INDArray h0, INDArray mask) {
    List<INDArray> outputs = new ArrayList<>();
    INDArray in = x;
    for (int first = 0; first < cells.size(); first += directions) {
      INDArray[] states = new INDArray[directions];
      for (int direction = 0; direction < directions; direction++) {
        states[direction] = cellForward(first + direction, in, h0, mask);
      }
      in = sideBySide(states);
      outputs.add(in);
    }
    return outputs;
  }

  /** What cell i reads. */
  private ReferenceRnn.Sequence sequence(int i, INDArray in, INDArray h0, INDArray mask) {
    Cell p = cells.get(i);
    INDArray h = initial(h0, kind.states() * i);
    INDArray c = kind == RnnCell.LSTM ? initial(h0, 2 * i + 1) : null;
    return new ReferenceRnn.Sequence(in, h, c, p.wx, p.wh, p.b, mask, mode(i));
  }

  private INDArray cellForward(int i, INDArray in, INDArray h0, INDArray mask) {
    if (kind == RnnCell.GRU) {
      return ReferenceGru.forward(sequence(i, in, h0, mask));
    }
    if (kind == RnnCell.LSTM) {
      return ReferenceLstm.forward(sequence(i, in, h0, mask)).h();
    }
    return ReferenceRnn.forward(sequence(i, in, h0, mask));
  }

  private Gradients cellBackward(
      int i, INDArray dOutOfAll, INDArray dHn, INDArray in, INDArray h0, INDArray mask) {
    INDArray dOut = withLast(dOutOfAll, dHn, kind.states() * i, i);
    if (kind == RnnCell.LSTM) {
      INDArray dC = withLast(dOut.mul(0), dHn, 2 * i + 1, i);
      var g = ReferenceLstm.backward(dOut, dC, sequence(i, in, h0, mask));
      Cell gradients = new Cell(g.dWx(), g.dWh(), g.db());
      return new Gradients(g.dx(), sideBySide(g.dh(), g.dc()), List.of(gradients));
    }
    var g =
        kind == RnnCell.GRU
            ? ReferenceGru.backward(dOut, sequence(i, in, h0, mask))
            : ReferenceRnn.backward(dOut, sequence(i, in, h0, mask));
    return new Gradients(g.dx(), g.dh(), List.of(new Cell(g.dWx(), g.dWh(), g.db())));
  }

  /** The gradient of a cell's steps, with that of the state in which it ends. */
  private INDArray withLast(INDArray dSteps, INDArray dHn, int state, int cell) {
    if (dHn == null) {
      return dSteps;
    }
    Tensor sum = Tensor.of(dSteps.dup('c'));
    Tensor last = Tensor.of(part(dHn, state));
    int step = mode(cell).at(sum.size(1) - 1, sum.size(1));
    for (int n = 0; n < sum.size(0); n++) {
      for (int h = 0; h < sum.size(2); h++) {
        sum.add(last.get(n, h), n, step, h);
      }
    }
    return sum.toArray();
  }

  private INDArray initial(INDArray h0, int which) {
    return h0 == null ? null : part(h0, which);
  }

  private ReferenceRnn.Mode mode(int cell) {
    return new ReferenceRnn.Mode(cell % directions == 1, truncation, kind == RnnCell.LINEAR);
  }

  /** The which-th H columns of the last dimension. */
  private INDArray part(INDArray array, int which) {
    Tensor all = Tensor.of(array);
    int width = (int) cells.get(0).wh.size(0);
    int columns = all.size(all.rank() - 1);
    int[] shape = all.shape();
    shape[shape.length - 1] = width;
    Tensor part = new Tensor(shape);
    for (int i = 0; i < part.length(); i++) {
      part.setFlat(all.flat(i / width * columns + which * width + i % width), i);
    }
    return part.toArray();
  }

  private static INDArray sideBySide(INDArray... arrays) {
    Tensor first = Tensor.of(arrays[0]);
    int width = first.size(first.rank() - 1);
    int[] shape = first.shape();
    shape[shape.length - 1] = arrays.length * width;
    Tensor all = new Tensor(shape);
    for (int which = 0; which < arrays.length; which++) {
      Tensor part = Tensor.of(arrays[which]);
      for (int i = 0; i < part.length(); i++) {
        all.setFlat(part.flat(i), i / width * arrays.length * width + which * width + i % width);
      }
    }
    return all.toArray();
  }
}
