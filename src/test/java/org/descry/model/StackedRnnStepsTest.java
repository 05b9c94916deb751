package org.descry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.kernel.RnnCell;
import org.descry.replay.RecordedStep;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * The stacked recurrent network of {@code stacked-rnn.yaml} beside PyTorch: ten steps of Adam on
 * the mean of the final states of both layers.
 *
 * <p>The losses are those of PyTorch 2.7.1 (CPU, float64, through DJL 0.35.1): {@code rnn_tanh} of
 * two layers with both biases on input [5, 3, 10] and a state of zeros, {@code h_n.mean()}, its
 * autograd, and Adam's update as {@code torch.optim.Adam} documents it, with its defaults (0.001,
 * 0.9, 0.999, 1e-8, to which the job's epsilon comes in these steps: see there). Arrays are {@code
 * scale sin(0.7 i + phase)} in row-major order of PyTorch's shapes.
 */
class StackedRnnStepsTest {
  private static final double[] LOSSES = {
    0.02175309189257013,
    0.010262842587851307,
    -0.0012502153307581755,
    -0.012790110390654075,
    -0.024360488758966778,
    -0.035965942219484265,
    -0.04761199342928427,
    -0.05930455704731094,
    -0.07104954355754596,
    -0.08285253345539037
  };

  private static final int STEPS = 5;
  private static final int ROWS = 3;
  private static final int WIDTH = 10;
  private static final int HIDDEN = 20;

  private static INDArray wave(double phase, double scale, long... shape) {
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, scale * Math.sin(0.7 * i + phase));
    }
    return array;
  }

  private static ComputationGraph network() {
    SequenceRnn model =
        new SequenceRnn(
            new SequenceRnn.Input(0, WIDTH),
            new SequenceRnn.Recurrent(RnnCell.VANILLA, HIDDEN, 2, false, false, true, true),
            0,
            STEPS);
    ComputationGraph network =
        new ComputationGraph(
            model.configuration(
                NetworkSettings.of(1, new Adam(1e-3, 0.9, 0.999, 6e-10))
                    .withType(DataType.DOUBLE)));
    network.init();
    Map<String, INDArray> params = network.getVertex(NetworkModel.RNN).paramTable(false);
    for (int layer = 0; layer < 2; layer++) {
      int phase = 4 * layer;
      int in = layer == 0 ? WIDTH : HIDDEN;
      params.get("Wx" + layer).assign(wave(1 + phase, 0.2, HIDDEN, in).transpose());
      params.get("Wh" + layer).assign(wave(2 + phase, 0.2, HIDDEN, HIDDEN).transpose());
      params
          .get("b" + layer)
          .assign(wave(3 + phase, 0.2, HIDDEN).reshape(params.get("b" + layer).shape()));
      params
          .get("bh" + layer)
          .assign(wave(4 + phase, 0.2, HIDDEN).reshape(params.get("bh" + layer).shape()));
    }
    return network;
  }

  private static MultiDataSet batch() {
    INDArray x = wave(0.1, 1, STEPS, ROWS, WIDTH).permute(1, 0, 2);
    return new MultiDataSet(
        new INDArray[] {x}, new INDArray[] {Nd4j.zeros(DataType.DOUBLE, ROWS, 1)});
  }

  @Test
  void tenStepsOfAdamHavePyTorchsLosses() {
    ComputationGraph network = network();
    for (double loss : LOSSES) {
      network.fit(batch());
      assertThat(network.score()).isCloseTo(loss, within(1e-6));
    }
  }

  @Test
  void recordedStepsHaveThemToo() {
    ComputationGraph network = network();
    RecordedStep steps = RecordedStep.of(network);
    for (double loss : LOSSES) {
      steps.fit(batch());
      assertThat(network.score()).isCloseTo(loss, within(1e-6));
    }
  }
}
