package org.descry.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.kernel.RnnCell;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.OneHotLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.Sequences;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalBiasLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.TiedRnnVertex;
import org.descry.layer.WordEmbeddingLayer;

/**
 * A language model: embedded or one-hot tokens, recurrent stack, temporal affine, temporal softmax
 * loss. It predicts each token (word or character) from those before it, so it reads in one
 * direction only.
 *
 * <p>Inputs: {@link #WORDS}, N x T, and, if the state is carried, {@link #STATE}, N x (L S H),
 * where a vanilla cell's S is 1 and an LSTM's is 2. Output N x T x V. Layers are named as {@link
 * CaptioningRnn}'s.
 *
 * @param vocabulary V, the number of tokens
 * @param embedding the width of a token's vector; 0 for one-hot tokens
 * @param hidden H, the width of the state
 * @param layers L, of the recurrent network
 * @param cell what the recurrent network is made of; of linear cells there is one layer, and the
 *     scores are made of what it reads and the state before
 * @param steps T, the number of tokens in a training sequence
 * @param carriesState whether an input gives the initial state, so that a sequence can continue the
 *     one before it (truncated backpropagation through time: no gradient flows into that input)
 * @param tied whether the scores are products with the tokens' vectors, which are then H wide;
 *     tokens' vectors, recurrent stack and products are one vertex then, {@link #RNN}, and {@link
 *     #SCORES} adds the bias
 * @param uniform whether the recurrent weights start as PyTorch's do; not of tied ones
 * @param truncation the number of steps that gradients flow back through within a sequence, or 0
 *     for all; not of tied ones
 */
public record LanguageRnn(
    int vocabulary,
    int embedding,
    int hidden,
    int layers,
    RnnCell cell,
    int steps,
    boolean carriesState,
    boolean tied,
    boolean uniform,
    int truncation)
    implements NetworkModel {
  public LanguageRnn {
    Settings.atLeastOne("vocabulary", vocabulary);
    Settings.atLeastZero("embedding", embedding);
    Settings.atLeastOne("hidden", hidden);
    Settings.atLeastOne("layers", layers);
    Settings.atLeastOne("steps", steps);
    Settings.atLeastZero("truncation", truncation);
    Settings.stateWidth((long) layers * cell.states() * hidden);
    if (cell == RnnCell.LINEAR && (layers > 1 || tied)) {
      throw new IllegalArgumentException(
          "expected one layer of linear cells whose weights are not tied, got %s%s"
              .formatted(layers, tied ? ", tied" : ""));
    }
    if (tied && (uniform || truncation > 0)) {
      throw new IllegalArgumentException(
          "expected neither uniform weights nor truncation where weights are tied");
    }
    if (tied && embedding != hidden) {
      throw new IllegalArgumentException(
          "expected an embedding as wide as the hidden state where weights are tied, got %s and %s"
              .formatted(embedding, hidden));
    }
  }

  /** Whose weights start normal, with gradients through whole sequences. */
  public LanguageRnn(
      int vocabulary,
      int embedding,
      int hidden,
      int layers,
      RnnCell cell,
      int steps,
      boolean carriesState,
      boolean tied) {
    this(vocabulary, embedding, hidden, layers, cell, steps, carriesState, tied, false, 0);
  }

  /** With a vanilla recurrent network, not tied. */
  public LanguageRnn(
      int vocabulary, int embedding, int hidden, int layers, int steps, boolean carriesState) {
    this(vocabulary, embedding, hidden, layers, RnnCell.VANILLA, steps, carriesState, false);
  }

  /** The width of the state's input, L S H; 0 where the state is not carried. */
  public int stateWidth() {
    return carriesState ? layers * cell.states() * hidden : 0;
  }

  @Override
  public InputType[] inputTypes() {
    return carriesState
        ? new InputType[] {Sequences.words(steps), InputType.feedForward(stateWidth())}
        : new InputType[] {Sequences.words(steps)};
  }

  /** V of a network of this kind. */
  public static int vocabulary(ComputationGraph network) {
    return (int) network.getLayer(SCORES).getParam(ExplicitLayer.BIAS).length();
  }

  /** The network as DL4J knows it. */
  @Override
  public ComputationGraphConfiguration configuration(NetworkSettings solver) {
    GraphBuilder graph = solver.graph();
    graph.addInputs(recurrentInputs(WORDS)).setInputTypes(inputTypes());
    if (tied) {
      addTied(graph);
    } else {
      addUntied(graph);
    }
    return graph
        .addLayer(OUTPUT, new TemporalSoftmaxLossLayer(), SCORES)
        .setOutputs(OUTPUT)
        .build();
  }

  private void addTied(GraphBuilder graph) {
    var rnn = new TiedRnnVertex(cell, vocabulary, hidden, layers, carriesState);
    graph
        .addVertex(RNN, rnn, recurrentInputs(WORDS))
        .addLayer(SCORES, new TemporalBiasLayer.Builder().build(), RNN);
  }

  private void addUntied(GraphBuilder graph) {
    int width = embedding > 0 ? embedding : vocabulary;
    var normal = new RnnVertex(cell, width, hidden, layers, false, carriesState, truncation);
    var starting = uniform ? normal.startingUniform() : normal;
    var rnn =
        cell == RnnCell.LINEAR ? starting.giving(RnnVertex.Readout.INPUT_AND_STATE) : starting;
    graph
        .addLayer(EMBEDDING, tokenVectors(), WORDS)
        .addVertex(RNN, rnn, recurrentInputs(EMBEDDING))
        .addLayer(
            SCORES,
            new TemporalAffineLayer.Builder()
                .nOut(vocabulary)
                .weightScale(1 / Math.sqrt(hidden))
                .build(),
            RNN);
  }

  private String[] recurrentInputs(String sequence) {
    return carriesState ? new String[] {sequence, STATE} : new String[] {sequence};
  }

  private Layer tokenVectors() {
    if (embedding == 0) {
      return new OneHotLayer.Builder().vocabulary(vocabulary).build();
    }
    return new WordEmbeddingLayer.Builder()
        .vocabulary(vocabulary)
        .width(embedding)
        .weightScale(0.1)
        .build();
  }
}
