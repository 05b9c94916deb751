package org.descry.kernel;

import java.util.List;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A stack of recurrent layers with the arguments and results of PyTorch's {@code nn.RNN} (tanh,
 * {@code batch_first=False}): sequences are [seq, batch, feature].
 *
 * <p>Shapes, with L layers, K directions (1 or 2) and width H: input T x N x D, output T x N x (K
 * H), initial and final states (L K) x N x H in the order layer 0, layer 0 reversed, layer 1, and
 * so on. Types: all FLOAT or all DOUBLE.
 *
 * <p>{@link StackedRnn} does the work on the same memory; its backward pass is there.
 */
public final class TimeMajorRnn {
  private final StackedRnn rnn;

  /**
   * @param output the states of the last layer, T x N x (K H)
   * @param hN the final state of every layer and direction, (L K) x N x H
   */
  public record Result(INDArray output, INDArray hN) {}

  /**
   * @param layers L, at least 1
   */
  public TimeMajorRnn(int layers, boolean bidirectional) {
    rnn = new StackedRnn(RnnCell.VANILLA, layers, bidirectional, 0);
  }

  /**
   * The parameters of one cell as PyTorch stores them: it has its weights transposed and two biases
   * of which only the sum counts.
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

  /**
   * Runs the stack over whole sequences. The results are the caller's.
   *
   * @param h0 (L K) x N x H, or null for zeros
   * @param parameters one a layer and direction, in the order of the states
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Result forward(INDArray input, INDArray h0, List<StackedRnn.Parameters> parameters) {
    Check.shape("TimeMajorRnn", "input", input, -1, -1, -1);
    long cells = parameters.size();
    long n = input.size(1);
    long hidden = parameters.get(0).wH().size(0);
    INDArray initial = null;
    if (h0 != null) {
      Check.shape("TimeMajorRnn", "h0", h0, cells, n, hidden);
      initial = h0.permute(1, 0, 2).dup('c').reshape(n, cells * hidden);
    }
    StackedRnn.Cache cache =
        rnn.forward(input.permute(1, 0, 2), initial, parameters, null, Allocator.DETACHED);
    INDArray last = Allocator.DETACHED.create(input.dataType(), n, cells * hidden);
    cache.copyLast(last);
    return new Result(
        cache.out().permute(1, 0, 2), last.reshape(n, cells, hidden).permute(1, 0, 2).dup('c'));
  }
}
