package org.descry.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.descry.layer.RnnVertex;
import org.descry.layer.Sequences;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.WordEmbeddingLayer;

/**
 * A language model: embedding, recurrent stack, temporal affine, temporal softmax loss. It predicts
 * each token (word or character) from those before it.
 *
 * @param vocabulary V, the number of tokens
 * @param embedding the width of a token's vector
 * @param hidden H, the width of the state
 * @param layers of the recurrent network
 * @param steps T, the number of tokens in a training sequence
 */
public record LanguageRnn(int vocabulary, int embedding, int hidden, int layers, int steps) {
  public LanguageRnn {
    Settings.atLeastOne("vocabulary", vocabulary);
    Settings.atLeastOne("embedding", embedding);
    Settings.atLeastOne("hidden", hidden);
    Settings.atLeastOne("layers", layers);
    Settings.atLeastOne("steps", steps);
  }

  /** The network as DL4J knows it, with one input N x T of tokens and one output N x T x V. */
  public ComputationGraphConfiguration configuration(Solver solver) {
    return solver
        .graph()
        .addInputs(CaptioningRnn.WORDS)
        .setInputTypes(Sequences.words(steps))
        .addLayer(
            CaptioningRnn.EMBEDDING,
            new WordEmbeddingLayer.Builder()
                .vocabulary(vocabulary)
                .width(embedding)
                .weightScale(0.1)
                .build(),
            CaptioningRnn.WORDS)
        .addVertex(
            CaptioningRnn.RNN,
            new RnnVertex(embedding, hidden, layers, false, false, 0),
            CaptioningRnn.EMBEDDING)
        .addLayer(
            CaptioningRnn.SCORES,
            new TemporalAffineLayer.Builder()
                .nOut(vocabulary)
                .weightScale(1 / Math.sqrt(hidden))
                .build(),
            CaptioningRnn.RNN)
        .addLayer(CaptioningRnn.OUTPUT, new TemporalSoftmaxLossLayer(), CaptioningRnn.SCORES)
        .setOutputs(CaptioningRnn.OUTPUT)
        .build();
  }
}
