package org.descry.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.descry.model.LearningRates;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** What docs/dl4j-compatibility.md says, line by line. */
class Dl4jCompatibilityTest {
  private static final int WIDTH = 4;
  private static final int STEPS = 4;
  private static final int CLASSES = 3;

  private final RandomArrays random = new RandomArrays(9);
  private final INDArray rows = random.normal(5, WIDTH);
  private final INDArray labels = random.oneHot(5, CLASSES);
  private final INDArray words = random.integers(6, 2, STEPS);

  private static NeuralNetConfiguration.Builder settings(DataType type) {
    return new NeuralNetConfiguration.Builder().seed(4).dataType(type).updater(new Sgd(0.1));
  }

  private static ComputationGraph initialized(GraphBuilder builder) {
    ComputationGraph network = new ComputationGraph(builder.build());
    network.init();
    return network;
  }

  private static ComputationGraph classifier(
      NeuralNetConfiguration.Builder settings, Layer hidden) {
    return initialized(
        settings
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.feedForward(WIDTH))
            .addLayer("hidden", hidden, "in")
            .addLayer("scores", new AffineLayer.Builder().nOut(CLASSES).build(), "hidden")
            .addLayer("loss", new SoftmaxLossLayer(), "scores")
            .setOutputs("loss"));
  }

  private static ComputationGraph reader(DataType type) {
    return initialized(
        settings(type)
            .graphBuilder()
            .addInputs("words", "h0")
            .setInputTypes(Sequences.words(STEPS), InputType.feedForward(3))
            .addLayer(
                "vectors",
                new WordEmbeddingLayer.Builder().vocabulary(6).width(WIDTH).build(),
                "words")
            .addVertex("rnn", new RnnVertex(WIDTH, 3, true), "vectors", "h0")
            .addLayer("scores", new TemporalAffineLayer.Builder().nOut(6).build(), "rnn")
            .addLayer("loss", new TemporalSoftmaxLossLayer(), "scores")
            .setOutputs("loss"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void dataOfAnyTypeAreConverted(String name) {
    DataType type = DataType.valueOf(name);
    INDArray h0 = random.normal(2, 3);
    INDArray mask = random.raggedMask(2, STEPS);
    ComputationGraph one = reader(type);
    ComputationGraph other = reader(type);
    for (int step = 0; step < 2; step++) {
      one.fit(batch(type, h0, mask));
      other.fit(batch(type == DataType.FLOAT ? DataType.DOUBLE : DataType.FLOAT, h0, mask));
    }
    assertThat(one.params().dataType()).isEqualTo(type);
    // Float64 data keep what float32 cannot say.
    assertThat(one.params().distance2(other.params())).isLessThan(1e-5);
    ComputationGraph classifier =
        classifier(settings(type), new AffineReluLayer.Builder().nOut(5).build());
    INDArray out = classifier.outputSingle(rows.castTo(DataType.FLOAT));
    assertThat(out.dataType()).isEqualTo(type);
    assertThat(out.distance2(classifier.outputSingle(rows))).isLessThan(1e-5);
    assertThat(classifier.score(new DataSet(rows, labels)))
        .isCloseTo(
            classifier.score(
                new DataSet(rows.castTo(DataType.FLOAT), labels.castTo(DataType.INT32))),
            within(1e-5));
  }

  private MultiDataSet batch(DataType type, INDArray h0, INDArray mask) {
    return new MultiDataSet(
        new INDArray[] {words.castTo(type), h0.castTo(type)},
        new INDArray[] {words.castTo(type)},
        new INDArray[] {mask.castTo(type), null},
        new INDArray[] {mask.castTo(type)});
  }

  @Test
  void sequencesInDl4jsUsualFormatAreRefused() {
    InputType usual = InputType.recurrent(WIDTH, WIDTH);
    InputType ours = InputType.recurrent(WIDTH, WIDTH, RNNFormat.NWC);
    RnnVertex rnn = new RnnVertex(WIDTH, 3, false);
    List<Layer> layers =
        List.of(
            new TemporalAffineLayer.Builder().nOut(2).build(),
            new TemporalBiasLayer.Builder().build(),
            new LayerNormLayer.Builder().build(),
            new TemporalSoftmaxLossLayer());
    for (Layer layer : layers) {
      assertThatThrownBy(() -> typed(layer, usual))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected sequences N x T x D")
          .hasMessageContaining("got the format NCW");
      typed(layer, ours);
    }
    assertThatThrownBy(() -> rnn.getOutputType(0, usual)).hasMessageContaining("format NCW");
    rnn.getOutputType(0, ours);
  }

  private static void typed(Layer layer, InputType type) {
    layer.setNIn(type, true);
    layer.getOutputType(0, type);
  }

  @Test
  void constraintsHoldWithInferredWidths() {
    var global = settings(DataType.DOUBLE).constrainWeights(new MaxNormConstraint(0.01, 0));
    assertConstrained(classifier(global, new AffineReluLayer.Builder().nOut(5).build()));
    assertConstrained(classifier(global, new AffineBatchNormReluLayer.Builder().nOut(5).build()));
    Layer own =
        new AffineReluLayer.Builder()
            .nOut(5)
            .constrainWeights(new MaxNormConstraint(0.01, 0))
            .build();
    assertConstrained(classifier(settings(DataType.DOUBLE), own));
    Layer biases =
        new AffineReluLayer.Builder().nOut(5).constrainBias(new NonNegativeConstraint()).build();
    ComputationGraph network = classifier(settings(DataType.DOUBLE), biases);
    network.getParam("hidden_b").subi(1);
    network.fit(new DataSet(rows, labels));
    assertThat(network.getParam("hidden_b").minNumber().doubleValue()).isNotNegative();
  }

  private void assertConstrained(ComputationGraph network) {
    network.fit(new DataSet(rows, labels));
    assertThat(network.getParam("hidden_W").shape()).containsExactly(WIDTH, 5);
    assertThat(network.getParam("hidden_W").norm2(0).maxNumber().doubleValue())
        .isLessThan(0.01 + 1e-9);
  }

  @Test
  void unknownWidthsAreNamed() {
    GraphBuilder builder =
        settings(DataType.FLOAT)
            .graphBuilder()
            .addInputs("in")
            .addLayer("scores", new AffineLayer.Builder().nOut(CLASSES).build(), "in")
            .addLayer("loss", new SoftmaxLossLayer(), "scores")
            .setOutputs("loss");
    assertThatThrownBy(() -> initialized(builder))
        .hasMessage(
            "AffineLayer \"scores\": expected the network's input types to be set, got W of shape"
                + " [0, 3]");
  }

  @Test
  void parametersOfAVertexByName() {
    ComputationGraph network = reader(DataType.DOUBLE);
    assertThat(network.getParam("rnn_Wh0").shape()).containsExactly(3, 3);
    INDArray value = random.normal(3, 3);
    network.setParam("rnn_Wh0", value);
    assertThat(network.paramTable().get("rnn_Wh0")).isEqualTo(value);
    assertThatThrownBy(() -> network.setParam("rnn_Wh0", random.normal(2, 3)))
        .hasMessageContaining("[Wx0, Wh0, b0]");
    assertThat(network.numParams()).isEqualTo(network.params().length());
    assertThat(network.summary()).contains("rnn");
  }

  @Test
  void dl4jsLearningRatePassesOver() {
    ComputationGraph network =
        classifier(settings(DataType.DOUBLE), new AffineReluLayer.Builder().nOut(5).build());
    network.setLearningRate(0);
    INDArray before = network.params().dup();
    network.fit(new DataSet(rows, labels));
    assertThat(network.params()).isNotEqualTo(before);
    LearningRates.set(network, 0);
    before = network.params().dup();
    network.fit(new DataSet(rows, labels));
    assertThat(network.params()).isEqualTo(before);
  }

  @Test
  void dropOutPassesOver() {
    Layer hidden = new AffineReluLayer.Builder().nOut(50).dropOut(0.5).build();
    ComputationGraph network = classifier(settings(DataType.DOUBLE), hidden);
    assertThat(network.output(true, rows)[0]).isEqualTo(network.output(false, rows)[0]);
  }

  @Test
  void nOutReplaceIsRefusedByDl4j() {
    ComputationGraph network =
        classifier(settings(DataType.DOUBLE), new AffineReluLayer.Builder().nOut(5).build());
    var edit = new TransferLearning.GraphBuilder(network);
    assertThatThrownBy(() -> edit.nOutReplace("hidden", 7, WeightInit.XAVIER))
        .isInstanceOf(ClassCastException.class);
  }

  @Test
  void editedGraphsStartVerticesAnew() {
    ComputationGraph network = reader(DataType.FLOAT);
    network.getParam("rnn_Wx0").addi(1);
    ComputationGraph tuned =
        new TransferLearning.GraphBuilder(network)
            .removeVertexAndConnections("scores")
            .removeVertexAndConnections("loss")
            .setInputTypes(Sequences.words(STEPS), InputType.feedForward(3))
            .addLayer("others", new TemporalAffineLayer.Builder().nOut(6).build(), "rnn")
            .addLayer("loss", new TemporalSoftmaxLossLayer(), "others")
            .setOutputs("loss")
            .build();
    assertThat(tuned.getParam("vectors_W")).isEqualTo(network.getParam("vectors_W"));
    assertThat(tuned.getParam("rnn_Wx0")).isNotEqualTo(network.getParam("rnn_Wx0"));
    tuned.setParam("rnn_Wx0", network.getParam("rnn_Wx0"));
    assertThat(tuned.getParam("rnn_Wx0")).isEqualTo(network.getParam("rnn_Wx0"));
  }

  @Test
  void frozenLayersHaveNoPenalty() {
    Layer frozen = new FrozenLayer(new AffineReluLayer.Builder().nOut(5).l2(1).build());
    ComputationGraph network = classifier(settings(DataType.DOUBLE), frozen);
    assertThat(network.calcRegularizationScore(true)).isZero();
  }

  @Test
  void feedForwardLayersStandInAMultiLayerNetwork() {
    var network =
        new MultiLayerNetwork(
            settings(DataType.DOUBLE)
                .list()
                .layer(new AffineReluLayer.Builder().nOut(5).build())
                .layer(new AffineLayer.Builder().nOut(CLASSES).build())
                .layer(new SoftmaxLossLayer())
                .setInputType(InputType.feedForward(WIDTH))
                .build());
    network.init();
    DataSet batch = new DataSet(rows, labels);
    double before = network.score(batch);
    network.fit(batch);
    assertThat(network.score(batch)).isLessThan(before);
  }

  @Test
  void evaluationReadsProbabilitiesOfRowsAlone() {
    ComputationGraph network =
        classifier(settings(DataType.DOUBLE), new AffineReluLayer.Builder().nOut(5).build());
    Evaluation evaluation = new Evaluation(CLASSES);
    evaluation.eval(labels, network.outputSingle(rows));
    assertThat(evaluation.getConfusionMatrix().getClasses()).hasSize(CLASSES);
    INDArray steps = reader(DataType.DOUBLE).outputSingle(words, random.normal(2, 3));
    assertThatThrownBy(() -> new Evaluation(6).eval(words, steps)).isInstanceOf(Exception.class);
  }
}
