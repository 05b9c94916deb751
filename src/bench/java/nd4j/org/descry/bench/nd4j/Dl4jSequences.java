package org.descry.bench.nd4j;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.bench.Meter;
import org.descry.bench.Peer;
import org.descry.bench.SequenceBatch;
import org.descry.bench.SequenceSpec;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * DL4J's recurrent layers, sequences being N x D x T. No layer can give a SimpleRnn its initial
 * state, so features come before the first word as one more step, which has no loss.
 */
final class Dl4jSequences {
  private static final long SEED = 1;
  private static final int TIME_AXIS = 2;
  private static final double WEIGHT_SCALE = 0.05;

  private Dl4jSequences() {}

  static void train(SequenceSpec net, int batch, Meter meter) {
    ComputationGraph graph = graph(net, net.hasFeatures(), net.steps());
    SequenceBatch sentences = SequenceBatch.of(net, batch);
    int stepsBefore = net.hasFeatures() ? 1 : 0;
    INDArray words = Nd4jPeer.words(sentences.words(), batch, net.steps());
    MultiDataSet data =
        new MultiDataSet(
            net.hasFeatures()
                ? new INDArray[] {Nd4jPeer.features(net, batch), words}
                : new INDArray[] {words},
            new INDArray[] {oneHot(sentences, net.vocabulary(), stepsBefore)},
            null,
            new INDArray[] {mask(sentences, stepsBefore)});
    Nd4jPeer.fit(graph, data, meter);
  }

  static void generate(SequenceSpec net, int batch, int words, Meter meter) {
    boolean withFeatures = false;
    ComputationGraph graph = graph(net, withFeatures, 1);
    INDArray features = Nd4jPeer.features(net, batch);
    INDArray projection =
        Nd4j.randn(DataType.FLOAT, net.features(), net.hidden()).muli(WEIGHT_SCALE);
    INDArray start = Nd4j.valueArrayOf(new long[] {batch, 1}, (float) SequenceBatch.START);
    int[][] chosen = new int[words][];
    meter.measure(
        () -> {
          graph.rnnClearPreviousState();
          graph.rnnSetPreviousState(
              "rnn0", new HashMap<>(Map.of("prevAct", features.mmul(projection))));
          INDArray word = start;
          for (int i = 0; i < words; i++) {
            INDArray next = graph.rnnTimeStep(word)[0].reshape(batch, net.vocabulary()).argMax(1);
            chosen[i] = next.toIntVector();
            word = next.castTo(DataType.FLOAT).reshape(batch, 1);
          }
          return Double.NaN;
        });
  }

  /** The words to predict as ones among zeros, N x V x T. */
  private static INDArray oneHot(SequenceBatch sentences, int vocabulary, int stepsBefore) {
    int steps = sentences.columns() + stepsBefore;
    float[] values = new float[sentences.rows() * vocabulary * steps];
    for (int i = 0; i < sentences.next().length; i++) {
      int sentence = i / sentences.columns();
      int step = i % sentences.columns() + stepsBefore;
      values[(sentence * vocabulary + sentences.next()[i]) * steps + step] = 1;
    }
    return Nd4j.createFromArray(values).reshape(sentences.rows(), vocabulary, steps);
  }

  private static INDArray mask(SequenceBatch sentences, int stepsBefore) {
    INDArray mask =
        Nd4j.createFromArray(sentences.mask()).reshape(sentences.rows(), sentences.columns());
    return stepsBefore == 0
        ? mask
        : Nd4j.hstack(Nd4j.zeros(DataType.FLOAT, sentences.rows(), stepsBefore), mask);
  }

  private static ComputationGraph graph(SequenceSpec net, boolean withFeatures, int steps) {
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(SEED)
            .updater(new Adam(Peer.LEARNING_RATE))
            .graphBuilder();
    if (withFeatures) {
      builder.addInputs("features");
    }
    builder.addInputs("words").addLayer("embedding", embedding(net, steps), "words");
    String last = "embedding";
    if (withFeatures) {
      MergeVertex merge = new MergeVertex();
      merge.setMergeAxis(TIME_AXIS);
      builder
          .addLayer("projection", projection(net), "features")
          .addVertex("step", new ReshapeVertex(-1, net.embedding(), 1), "projection")
          .addVertex("steps", merge, "step", last);
      last = "steps";
    }
    for (int layer = 0; layer < net.layers(); layer++) {
      builder.addLayer("rnn" + layer, rnn(net, layer), last);
      last = "rnn" + layer;
    }
    builder.addLayer("scores", output(net), last).setOutputs("scores");
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    return graph;
  }

  private static DenseLayer projection(SequenceSpec net) {
    return new DenseLayer.Builder()
        .nIn(net.features())
        .nOut(net.embedding())
        .activation(Activation.IDENTITY)
        .build();
  }

  private static EmbeddingSequenceLayer embedding(SequenceSpec net, int steps) {
    return new EmbeddingSequenceLayer.Builder()
        .nIn(net.vocabulary())
        .nOut(net.embedding())
        .hasBias(false)
        .inputLength(steps)
        .outputDataFormat(RNNFormat.NCW)
        .activation(Activation.IDENTITY)
        .build();
  }

  private static SimpleRnn rnn(SequenceSpec net, int layer) {
    return new SimpleRnn.Builder()
        .nIn(net.layerInput(layer))
        .nOut(net.hidden())
        .activation(Activation.TANH)
        .dataFormat(RNNFormat.NCW)
        .build();
  }

  private static RnnOutputLayer output(SequenceSpec net) {
    return new RnnOutputLayer.Builder(LossFunction.MCXENT)
        .nIn(net.hidden())
        .nOut(net.vocabulary())
        .activation(Activation.SOFTMAX)
        .dataFormat(RNNFormat.NCW)
        .build();
  }
}
