package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.DynamicTest;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The one contract of all layers. Around the layer it builds a small float64 network and checks the
 * output's shape; that the explicit gradients, SameDiff's autodiff and central differences agree;
 * and what {@link GraphContract} lists. {@link LossContract} is its sibling for output layers.
 *
 * @param layer makes a new configuration of the layer; it is asked for every network that is built
 * @param inputType the network's input
 * @param x a batch of inputs, float64
 * @param mask the features' mask for the gradient check, or null
 * @param backwardPasses reads from the layer how often its explicit backward pass ran
 */
public record LayerContract(
    Supplier<? extends SameDiffLayer> layer,
    InputType inputType,
    INDArray x,
    INDArray mask,
    ToLongFunction<Layer> backwardPasses) {
  static final double TOLERANCE = 1e-6;
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();
  private static final String SUBJECT = "subject";
  private static final String POOLED = "pooled";
  private static final String HEAD = "head";
  private static final int CLASSES = 3;

  /** The contract as one test a clause. */
  public Stream<DynamicTest> checks() {
    INDArray labels = new RandomArrays(3).oneHot(x.size(0), CLASSES);
    var inNetwork =
        new GraphContract(this::network, SUBJECT, new DataSet(x, labels), backwardPasses);
    return Stream.concat(
        Stream.of(
            dynamicTest("output has the shape of getOutputType", this::outputShape),
            dynamicTest("three ways to the gradient agree", this::gradients),
            dynamicTest("transfer learning", () -> transferLearning(labels))),
        inNetwork.checks());
  }

  /** The layer, and on it global average pooling where the output is not flat, and a classifier. */
  private ComputationGraph network(DataType type) {
    var builder =
        new NeuralNetConfiguration.Builder()
            .seed(11)
            .dataType(type)
            .updater(new Sgd(0.01))
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(inputType)
            .addLayer(SUBJECT, layer.get(), "in");
    boolean flat = outputType() instanceof InputType.InputTypeFeedForward;
    if (!flat) {
      builder.addLayer(POOLED, pooling(), SUBJECT);
    }
    builder.addLayer(HEAD, classifier(), flat ? SUBJECT : POOLED).setOutputs(HEAD);
    ComputationGraph network = new ComputationGraph(builder.build());
    network.init();
    return network;
  }

  private InputType outputType() {
    return layer.get().getOutputType(0, inputType);
  }

  private GlobalPoolingLayer pooling() {
    var pooling = new GlobalPoolingLayer.Builder(PoolingType.AVG);
    if (outputType() instanceof InputType.InputTypeRecurrent sequence) {
      pooling.poolingDimensions(sequence.getFormat() == RNNFormat.NWC ? 1 : 2);
    }
    return pooling.build();
  }

  private static OutputLayer classifier() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .activation(Activation.SOFTMAX)
        .nOut(CLASSES)
        .build();
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
    INDArray out = activate(runtime);
    INDArray dOut = new RandomArrays(5).normal(out.shape());
    Map<String, INDArray> explicit = explicitGradients(runtime, dOut);
    SameDiffLayer definition = (SameDiffLayer) runtime.conf().getLayer();
    SameDiffOracle oracle = SameDiffOracle.of(definition, runtime.paramTable(), x, mask, dOut);
    assertThat(Vectors.relativeError(out, oracle.output())).isLessThan(TOLERANCE);
    explicit.forEach(
        (name, gradient) -> {
          assertThat(Vectors.relativeError(gradient, oracle.gradients().get(name)))
              .as("explicit gradient of %s against autodiff", name)
              .isLessThan(TOLERANCE);
          INDArray variable = name.equals(SameDiffOracle.INPUT) ? x : runtime.getParam(name);
          Numeric.assertGradient(
              name, gradient, variable, () -> Numeric.dot(activate(runtime), dOut), TOLERANCE);
        });
  }

  private static Map<String, INDArray> explicitGradients(Layer runtime, INDArray dOut) {
    Pair<Gradient, INDArray> result = runtime.backpropGradient(dOut, NO_WORKSPACES);
    Map<String, INDArray> gradients = new HashMap<>();
    result.getFirst().gradientForVariable().forEach((k, v) -> gradients.put(k, v.dup('c')));
    gradients.put(SameDiffOracle.INPUT, result.getSecond().dup('c'));
    assertThat(gradients.keySet()).containsAll(runtime.paramTable().keySet());
    return gradients;
  }

  /** The layer frozen under a new classifier: it stays as it is, and the new part learns. */
  private void transferLearning(INDArray labels) {
    ComputationGraph network = network(DataType.DOUBLE);
    boolean flat = outputType() instanceof InputType.InputTypeFeedForward;
    String features = flat ? SUBJECT : POOLED;
    ComputationGraph tuned =
        new TransferLearning.GraphBuilder(network)
            .fineTuneConfiguration(
                new FineTuneConfiguration.Builder().updater(new Sgd(0.01)).seed(13).build())
            .setFeatureExtractor(features)
            .removeVertexAndConnections(HEAD)
            .setInputTypes(inputType)
            .addLayer("newHead", classifier(), features)
            .setOutputs("newHead")
            .build();
    DataSet data = new DataSet(x, labels);
    double before = tuned.score(data);
    INDArray frozen = tuned.getLayer(SUBJECT).params().dup();
    assertThat(frozen).isEqualTo(network.getLayer(SUBJECT).params());
    tuned.fit(data);
    assertThat(tuned.score(data)).isLessThan(before);
    assertThat(tuned.getLayer(SUBJECT).params()).isEqualTo(frozen);
    assertThat(Arrays.stream(tuned.getLayers()).map(l -> l.conf().getLayer().getLayerName()))
        .contains(SUBJECT, "newHead");
  }
}
