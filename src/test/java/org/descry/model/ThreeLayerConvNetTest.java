package org.descry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** The published sanity check: ten classes at a tiny scale lose log(10), and L2 adds its term. */
class ThreeLayerConvNetTest {
  private static final double TOLERANCE = 1e-4;
  private static final double STANDARD_DEVIATIONS = 5;

  @Test
  void theInitialLossIsThatOfGuessing() {
    assertThat(initialLoss(0)).isCloseTo(Math.log(10), within(TOLERANCE));
  }

  @Test
  void regularizationAddsHalfTheSquaredWeights() {
    Vectors v = Vectors.load("three_layer_convnet_sanity");
    double analytic = v.node("/expected/loss_reg/analytic").doubleValue();
    double deviation = v.node("/expected/loss_reg/analytic_std").doubleValue();
    assertThat(initialLoss(v.param("reg_second")))
        .isCloseTo(analytic, within(STANDARD_DEVIATIONS * deviation));
  }

  private static double initialLoss(double l2) {
    Vectors v = Vectors.load("three_layer_convnet_sanity");
    var model =
        new ThreeLayerConvNet(
            v.node("/params/input_dim/0").intValue(),
            v.node("/params/input_dim/1").intValue(),
            v.node("/params/input_dim/2").intValue(),
            v.intParam("num_classes"),
            v.intParam("num_filters"),
            v.intParam("filter_size"),
            v.intParam("hidden_dim"),
            v.param("weight_scale"),
            Loss.SOFTMAX);
    ComputationGraph network =
        new ComputationGraph(model.configuration(NetworkSettings.of(231, new Adam()).withL2(l2)));
    network.init();
    RandomArrays random = new RandomArrays(231);
    DataSet data =
        new DataSet(random.floats(50, 3, 32, 32), random.oneHot(50, 10).castTo(DataType.FLOAT));
    return network.score(data);
  }
}
