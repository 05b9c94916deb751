package org.descry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.kernel.Activation;
import org.descry.kernel.RnnCell;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Nobody needs the gradient of a network's input: it is not computed, that of hidden layers is. */
class FirstLayerTest {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();
  private static final NetworkSettings SOLVER =
      NetworkSettings.of(1, new Sgd()).withType(DataType.DOUBLE);

  private final RandomArrays random = new RandomArrays(61);

  /** What a layer of the network hands down to the layer below. */
  private INDArray inputGradient(
      ComputationGraphConfiguration configuration, String layer, long... inputShape) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    network.initGradientsView();
    Layer runtime = network.getLayer(layer);
    runtime.setInput(random.normal(inputShape), NO_WORKSPACES);
    INDArray out = runtime.activate(true, NO_WORKSPACES);
    return runtime.backpropGradient(random.normal(out.shape()), NO_WORKSPACES).getSecond();
  }

  @Test
  void threeLayerConvNet() {
    var model = new ThreeLayerConvNet(3, 8, 8, 4, 8, 3, 20, 0, Loss.SOFTMAX);
    assertThat(inputGradient(model.configuration(SOLVER), "conv", 2, 3, 8, 8)).isNull();
    assertThat(inputGradient(model.configuration(SOLVER), "hidden", 2, 8, 4, 4)).isNotNull();
  }

  @Test
  void convNet() {
    for (boolean pool : new boolean[] {false, true}) {
      var stages = List.of(new ConvNet.Stage(4, 3, pool), new ConvNet.Stage(5, 3, pool));
      var model =
          new ConvNet(3, 8, 8, 4, stages, List.of(), 0, Loss.SVM, false, 0, Activation.RELU);
      assertThat(inputGradient(model.configuration(SOLVER), "conv1", 2, 3, 8, 8)).isNull();
      assertThat(inputGradient(model.configuration(SOLVER), "conv2", 2, 4, 8, 8)).isNotNull();
    }
  }

  @Test
  void captioningRnn() {
    var onFeatures =
        new CaptioningRnn(6, null, 9, 4, 5, 1, RnnCell.VANILLA, 3).configuration(SOLVER);
    assertThat(inputGradient(onFeatures, CaptioningRnn.PROJECTION, 2, 6)).isNull();
    var images =
        new CaptioningRnn.Images(3, 8, 8, List.of(new ConvNet.Stage(4, 3, true)), false, false);
    var onImages =
        new CaptioningRnn(0, images, 9, 4, 5, 1, RnnCell.VANILLA, 3).configuration(SOLVER);
    assertThat(inputGradient(onImages, "conv1", 2, 3, 8, 8)).isNull();
    assertThat(inputGradient(onImages, CaptioningRnn.PROJECTION, 2, 4, 4, 4)).isNotNull();
  }
}
