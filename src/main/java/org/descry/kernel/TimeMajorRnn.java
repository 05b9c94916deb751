package org.descry.kernel;

import java.util.List;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A stack of recurrent layers with the arguments and results of PyTorch's {@code nn.RNN} (tanh) and
 * {@code nn.LSTM}, {@code batch_first=False}: sequences are [seq, batch, feature].
 *
 * <p>Shapes, with L layers, K directions (1 or 2) and width H: input T x N x D, output T x N x (K
 * H), initial and final states (L K) x N x H in the order layer 0, layer 0 reversed, layer 1, and
 * so on. Types: all FLOAT or all DOUBLE.
 *
 * <p>{@link StackedRnn} does the work on the same memory.
 *
 * <p>An instance owns its scratch and is not thread-safe; the way back from a result holds until
 * the next forward pass.
 */
public final class TimeMajorRnn {
  private final RnnCell cell;
  private final StackedRnn rnn;

  /**
   * @param output the states of the last layer, T x N x (K H)
   * @param hN the final h of every layer and direction, (L K) x N x H
   * @param cN the final c of every layer and direction; null of cells without
   * @param cache what the backward pass needs
   */
  public record Result(INDArray output, INDArray hN, INDArray cN, StackedRnn.Cache cache) {}

  /** The gradients of the input and the initial states, in their shapes; dC0 is null without c. */
  public record Gradients(INDArray dInput, INDArray dH0, INDArray dC0) {}

  /** Of vanilla cells. */
  public TimeMajorRnn(int layers, boolean bidirectional) {
    this(RnnCell.VANILLA, layers, bidirectional);
  }

  /**
   * @param layers L, at least 1
   */
  public TimeMajorRnn(RnnCell cell, int layers, boolean bidirectional) {
    this.cell = cell;
    rnn = new StackedRnn(cell, layers, bidirectional, 0);
  }

  /**
   * The parameters of a vanilla cell as PyTorch stores them: it has its weights transposed and two
   * biases of which only the sum counts.
   *
   * @param wIh H x D
   * @param wHh H x H
   * @param bIh H
   * @param bHh H
   */
  public static StackedRnn.Parameters parameters(
      INDArray wIh, INDArray wHh, INDArray bIh, INDArray bHh) {
    return new StackedRnn.Parameters(
        wIh.transpose().dup('c'), wHh.transpose().dup('c'), bIh.add(bHh));
  }

  /** As the other {@code forward}, of cells whose state is h alone. */
  public Result forward(INDArray input, INDArray h0, List<StackedRnn.Parameters> parameters) {
    return forward(input, h0, null, parameters);
  }

  /**
   * Runs the stack over whole sequences. The output and the states are the caller's.
   *
   * @param h0 (L K) x N x H, or null for zeros
   * @param c0 (L K) x N x H, or null for zeros
   * @param parameters one a layer and direction, in the order of the states
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Result forward(
      INDArray input, INDArray h0, INDArray c0, List<StackedRnn.Parameters> parameters) {
    Check.shape("TimeMajorRnn", "input", input, -1, -1, -1);
    int cells = parameters.size();
    long n = input.size(1);
    long hidden = parameters.get(0).wH().size(0);
    TimeMajorStates shape = new TimeMajorStates(cells, cell.states(), n, hidden);
    INDArray initial =
        h0 == null && c0 == null
            ? null
            : shape.joined(Allocator.DETACHED, input.dataType(), h0, c0);
    StackedRnn.Cache cache =
        rnn.forward(input.permute(1, 0, 2), initial, parameters, null, Allocator.DETACHED);
    INDArray last = Allocator.DETACHED.create(input.dataType(), n, shape.width());
    cache.copyLast(last);
    return new Result(
        cache.out().permute(1, 0, 2),
        shape.part(last, 0).dup('c'),
        cell.states() == 1 ? null : shape.part(last, 1).dup('c'),
        cache);
  }

  /**
   * Writes the parameters' gradients into the given arrays, cell by cell.
   *
   * @param dOutput T x N x (K H), or null for zeros
   * @param dHn the gradient of the final h, (L K) x N x H, or null for zeros
   * @param dCn the gradient of the final c, likewise
   */
  public Gradients backward(
      INDArray dOutput,
      INDArray dHn,
      INDArray dCn,
      Result result,
      List<StackedRnn.Parameters> gradients) {
    INDArray out = result.output;
    TimeMajorStates shape =
        new TimeMajorStates(
            gradients.size(), cell.states(), out.size(1), gradients.get(0).wH().size(0));
    StackedRnn.Gradients flow =
        rnn.backward(
            dOutput == null ? null : dOutput.permute(1, 0, 2),
            dHn == null && dCn == null
                ? null
                : shape.joined(Allocator.DETACHED, out.dataType(), dHn, dCn),
            result.cache,
            gradients,
            Allocator.DETACHED,
            Allocator.DETACHED);
    return new Gradients(
        flow.dX().permute(1, 0, 2),
        shape.part(flow.dH0(), 0),
        cell.states() == 1 ? null : shape.part(flow.dH0(), 1));
  }
}
