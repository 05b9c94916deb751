package org.descry.bench.nd4j;

import java.util.List;
import java.util.Map;
import org.descry.bench.Batches;
import org.descry.bench.Meter;
import org.descry.bench.Peer;
import org.descry.bench.SequenceBatch;
import org.descry.bench.SequenceSpec;
import org.nd4j.autodiff.loss.LossReduce;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Recurrent networks unrolled in a SameDiff graph, sequences being time-major rows (T N) x D. Words
 * come in as ones among zeros, because fit fails on the gradient of gather, and their targets too,
 * because the sparse loss ignores the gradient that flows into it (M2.1).
 */
final class SameDiffSequences {
  private static final String FEATURES = "features";
  private static final String WORDS = "words";
  private static final String NEXT = "next";
  private static final String WEIGHTS = "weights";
  private static final double EMBEDDING_SCALE = 0.1;
  private static final int TIME_AXIS = 0;

  private final SameDiff graph = SameDiff.create();
  private final SequenceSpec net;
  private final int batch;
  private final SDVariable h0;

  private SameDiffSequences(SequenceSpec net, int batch) {
    this.net = net;
    this.batch = batch;
    h0 = net.hasFeatures() ? projection() : null;
  }

  static void train(SequenceSpec net, int batch, Meter meter) {
    SameDiffSequences sequences = new SameDiffSequences(net, batch);
    sequences.addLoss();
    TrainingConfig config =
        new TrainingConfig.Builder()
            .updater(new Adam(Peer.LEARNING_RATE))
            .dataSetFeatureMapping(net.hasFeatures() ? List.of(FEATURES, WORDS) : List.of(WORDS))
            .dataSetLabelMapping(NEXT, WEIGHTS)
            .build();
    SequenceBatch sentences = SequenceBatch.of(net, batch).transposed();
    INDArray words = oneHot(sentences.words(), net.vocabulary());
    MultiDataSet data =
        new MultiDataSet(
            net.hasFeatures()
                ? new INDArray[] {Nd4jPeer.features(net, batch), words}
                : new INDArray[] {words},
            new INDArray[] {
              oneHot(sentences.next(), net.vocabulary()),
              Nd4j.createFromArray(sentences.mask()).divi(batch)
            });
    SameDiffTraining.run(sequences.graph, config, data, meter);
  }

  static void generate(SequenceSpec net, int batch, int words, Meter meter) {
    SameDiffSequences sequences = new SameDiffSequences(net, batch);
    String sentences = sequences.addGeneration(words).name();
    Map<String, INDArray> inputs = Map.of(FEATURES, Nd4jPeer.features(net, batch));
    meter.measure(
        () -> {
          sequences.graph.output(inputs, sentences).get(sentences).toIntMatrix();
          return Double.NaN;
        });
  }

  private static INDArray oneHot(int[] words, int vocabulary) {
    return Nd4j.createFromArray(Batches.oneHot(words, vocabulary));
  }

  private SDVariable projection() {
    SDVariable features = graph.placeHolder(FEATURES, DataType.FLOAT, batch, net.features());
    return SameDiffTraining.affine(features, weights(net.features(), net.hidden()));
  }

  private void addLoss() {
    int rows = batch * net.steps();
    SDVariable words = graph.placeHolder(WORDS, DataType.FLOAT, rows, net.vocabulary());
    SDVariable last = words.mmul(embedding());
    for (int layer = 0; layer < net.layers(); layer++) {
      last = rnn(last, layer);
    }
    SDVariable scores = SameDiffTraining.affine(last, weights(net.hidden(), net.vocabulary()));
    SDVariable next = graph.placeHolder(NEXT, DataType.FLOAT, rows, net.vocabulary());
    SDVariable weights = graph.placeHolder(WEIGHTS, DataType.FLOAT, rows);
    double noSmoothing = 0;
    graph
        .loss()
        .softmaxCrossEntropy(
            SameDiffTraining.LOSS, next, scores, weights, LossReduce.SUM, noSmoothing);
  }

  private SDVariable rnn(SDVariable x, int layer) {
    SDVariable inputs = SameDiffTraining.affine(x, weights(net.layerInput(layer), net.hidden()));
    SDVariable[] steps =
        graph.unstack(inputs.reshape(net.steps(), batch, net.hidden()), TIME_AXIS, net.steps());
    SDVariable recurrent = weights(net.hidden(), net.hidden());
    // An array of its own: SameDiff keeps that of the steps as its record of the outputs.
    SDVariable[] states = new SDVariable[steps.length];
    SDVariable state = h0;
    for (int t = 0; t < steps.length; t++) {
      SDVariable sum = state == null ? steps[t] : steps[t].add(state.mmul(recurrent));
      state = graph.math().tanh(sum);
      states[t] = state;
    }
    return graph.stack(TIME_AXIS, states).reshape(net.steps() * batch, net.hidden());
  }

  /** All words of all sentences, N x T; execution without gradients has no trouble with gather. */
  private SDVariable addGeneration(int words) {
    SDVariable embedding = embedding();
    SDVariable inputWeights = weights(net.embedding(), net.hidden());
    SDVariable bias = graph.var(Nd4j.zeros(DataType.FLOAT, net.hidden()));
    SDVariable recurrent = weights(net.hidden(), net.hidden());
    SDVariable scoreWeights = weights(net.hidden(), net.vocabulary());
    SDVariable scoreBias = graph.var(Nd4j.zeros(DataType.FLOAT, net.vocabulary()));
    SDVariable word = graph.constant(Nd4j.valueArrayOf(new long[] {batch}, SequenceBatch.START));
    SDVariable state = h0;
    SDVariable[] chosen = new SDVariable[words];
    for (int i = 0; i < words; i++) {
      SDVariable input = graph.gather(embedding, word, 0).mmul(inputWeights).add(bias);
      state = graph.math().tanh(input.add(state.mmul(recurrent)));
      word = graph.argmax(state.mmul(scoreWeights).add(scoreBias), 1);
      chosen[i] = word;
    }
    return graph.stack(1, chosen);
  }

  private SDVariable embedding() {
    return SameDiffTraining.normal(graph, EMBEDDING_SCALE, net.vocabulary(), net.embedding());
  }

  private SDVariable weights(int in, int out) {
    return SameDiffTraining.normal(graph, 1 / Math.sqrt(in), in, out);
  }
}
