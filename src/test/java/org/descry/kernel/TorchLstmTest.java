package org.descry.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.descry.engine.Allocator;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A stack of LSTMs in both directions against figures of PyTorch's {@code nn.LSTM}. */
class TorchLstmTest {
  private static final int LAYERS = 2;
  private static final int CELLS = 4;
  private static final int N = 3;
  private static final int HIDDEN = 3;

  @Test
  void givesPyTorchsNumbers() throws IOException {
    TorchFigures torch = TorchFigures.read("torch_lstm.json");
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      List<StackedRnn.Parameters> cells = new ArrayList<>();
      for (int layer = 0; layer < LAYERS; layer++) {
        for (String direction : List.of("", "_reverse")) {
          String cell = "_l" + layer + direction;
          INDArray bias = torch.array("bias_ih" + cell).add(torch.array("bias_hh" + cell));
          cells.add(
              new StackedRnn.Parameters(
                  columns(torch.array("weight_ih" + cell)).castTo(type),
                  columns(torch.array("weight_hh" + cell)).castTo(type),
                  columns(bias.reshape(bias.length(), 1)).castTo(type).reshape(bias.length())));
        }
      }
      INDArray x = torch.array("input").castTo(type).permute(1, 0, 2);
      INDArray initial = states(torch.array("h0"), torch.array("c0")).castTo(type);
      var cache =
          new StackedRnn(RnnCell.LSTM, LAYERS, true, 0)
              .forward(x, initial, cells, null, Allocator.DETACHED);
      TorchFigures.assertEqual(cache.out().permute(1, 0, 2), torch.array("output"));
      INDArray last = Nd4j.create(type, initial.shape());
      cache.copyLast(last);
      TorchFigures.assertEqual(last, states(torch.array("h_n"), torch.array("c_n")));
    }
  }

  /** Rows of gates i, f, g, o as columns of i, f, o, g. */
  private static INDArray columns(INDArray weights) {
    INDArray i = gate(weights, 0);
    INDArray f = gate(weights, 1);
    INDArray g = gate(weights, 2);
    INDArray o = gate(weights, 3);
    return Nd4j.concat(0, i, f, o, g).transpose().dup('c');
  }

  private static INDArray gate(INDArray weights, int which) {
    return weights.get(
        NDArrayIndex.interval(which * HIDDEN, (which + 1) * HIDDEN), NDArrayIndex.all());
  }

  /** Two arrays cells x N x H as N x (cells 2H), h and c of each cell side by side. */
  private static INDArray states(INDArray h, INDArray c) {
    return Nd4j.stack(1, h, c).permute(2, 0, 1, 3).dup('c').reshape('c', N, CELLS * 2 * HIDDEN);
  }
}
