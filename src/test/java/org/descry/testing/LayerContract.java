package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.descry.testing.Networks.SUBJECT;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.gradcheck.LayerSubject;
import org.descry.layer.ExplicitLayer;
import org.junit.jupiter.api.DynamicTest;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The one contract of all layers. Around the layer it builds a small float64 network and checks the
 * output's shape; that the explicit gradients, SameDiff's autodiff and central differences agree;
 * transfer learning; and what {@link GraphContract} lists. {@link LossContract} and {@link
 * VertexContract} are its siblings for output layers and vertices.
 */
public final class LayerContract {
  static final double TOLERANCE = 1e-6;
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  private final Supplier<? extends ExplicitLayer> layer;
  private final InputType inputType;
  private final INDArray x;
  private boolean differentiable = true;
  private INDArray mask;

  /**
   * @param layer makes a new configuration of the layer; it is asked for every network that is
   *     built
   * @param inputType the network's input
   * @param x a batch of inputs, float64
   */
  public LayerContract(Supplier<? extends ExplicitLayer> layer, InputType inputType, INDArray x) {
    this.layer = layer;
    this.inputType = inputType;
    this.x = x;
  }

  /** The input is words, which have no gradient. */
  public LayerContract ofWords() {
    differentiable = false;
    return this;
  }

  /** The gradient is checked under this mask of the features. */
  public LayerContract masked(INDArray featuresMask) {
    mask = featuresMask;
    return this;
  }

  /** The contract as one test a clause. */
  public Stream<DynamicTest> checks() {
    INDArray labels = new RandomArrays(3).oneHot(x.size(0), Networks.CLASSES);
    var inNetwork =
        new GraphContract(this::network, SUBJECT, new DataSet(x, labels).toMultiDataSet());
    return Stream.concat(
        Stream.of(
            dynamicTest("output has the shape of getOutputType", this::outputShape),
            dynamicTest("three ways to the gradient agree", this::gradients),
            dynamicTest("transfer learning", () -> transferLearning(labels))),
        inNetwork.checks());
  }

  private ComputationGraph network(DataType type) {
    return Networks.classifying(
        Networks.settings(type)
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(inputType)
            .addLayer(SUBJECT, layer.get(), "in"),
        outputType());
  }

  private InputType outputType() {
    return layer.get().getOutputType(0, inputType);
  }

  private void outputShape() {
    INDArray out = activate(network(DataType.DOUBLE).getLayer(SUBJECT));
    long[] claimed = outputType().getShape(true).clone();
    claimed[0] = x.size(0);
    assertThat(out.shape()).isEqualTo(claimed);
  }

  private INDArray activate(Layer runtime) {
    runtime.setInput(x, NO_WORKSPACES);
    runtime.setMaskArray(mask);
    return runtime.activate(true, NO_WORKSPACES).dup('c');
  }

  private void gradients() {
    ComputationGraph network = network(DataType.DOUBLE);
    network.initGradientsView();
    Layer runtime = network.getLayer(SUBJECT);
    // Biases that are not zero, so that a missing one shows.
    runtime.paramTable().values().forEach(p -> p.addi(new RandomArrays(7).normal(p.shape())));
    LayerSubject subject = new LayerSubject(SUBJECT, runtime, x, mask, 5);
    assertThat(subject.variables().containsValue(x)).isEqualTo(differentiable);
    Gradients.assertAgree(subject);
  }

  /**
   * The layer frozen under a new classifier: it stays as it is, and the new part learns. In
   * float32, since DL4J forgets the type of the network that it edits.
   */
  private void transferLearning(INDArray labels) {
    DataSet data = new DataSet(x.castTo(DataType.FLOAT), labels.castTo(DataType.FLOAT));
    ComputationGraph network = network(DataType.FLOAT);
    // Running averages start at zero: an untrained normalisation is no feature extractor.
    for (int step = 0; step < 20; step++) {
      network.fit(data);
    }
    ComputationGraph tuned =
        new TransferLearning.GraphBuilder(network)
            .fineTuneConfiguration(
                new FineTuneConfiguration.Builder()
                    .updater(new Sgd(Networks.LEARNING_RATE))
                    .seed(13)
                    .build())
            .setFeatureExtractor(Networks.features(outputType()))
            .removeVertexAndConnections(Networks.HEAD)
            .setInputTypes(inputType)
            .addLayer("newHead", Networks.classifier(), Networks.features(outputType()))
            .setOutputs("newHead")
            .build();
    double before = tuned.score(data);
    INDArray frozen = tuned.getLayer(SUBJECT).params().dup();
    assertThat(frozen).isEqualTo(network.getLayer(SUBJECT).params());
    tuned.fit(data);
    assertThat(tuned.score(data)).isLessThan(before);
    assertThat(tuned.getLayer(SUBJECT).params()).isEqualTo(frozen);
  }
}
