package org.descry.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.descry.kernel.RnnCell;
import org.descry.layer.AffineLayer;
import org.descry.layer.LastStepLayer;
import org.descry.layer.MeanLossLayer;
import org.descry.layer.OneHotLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.Sequences;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.WordEmbeddingLayer;

/**
 * A sequence classifier: tokens or numbers, recurrent stack, final state, affine, softmax loss.
 * Input: {@link #WORDS}, N x T, or {@link #NUMBERS}, N x T x D, with a mask N x T of the features
 * where sequences are padded. Output N x K.
 *
 * @param input what a step is
 * @param recurrent the stack
 * @param classes K; 0 minimises the mean of all final states, which is then the output, N x 1
 * @param steps T, of the longest sequence
 */
public record SequenceRnn(Input input, Recurrent recurrent, int classes, int steps)
    implements NetworkModel {
  /** The layer that picks the last step. */
  private static final String LAST = "last";

  /**
   * What a step is.
   *
   * @param vocabulary the number of tokens; 0 of numbers
   * @param width of a token's vector, 0 for one-hot tokens; of a step of numbers, D
   */
  public record Input(int vocabulary, int width) {
    public Input {
      Settings.atLeastZero("vocabulary", vocabulary);
      Settings.atLeastZero("width", width);
      if (vocabulary == 0) {
        Settings.atLeastOne("the width of a step", width);
      }
    }

    private int given() {
      return vocabulary > 0 && width == 0 ? vocabulary : width;
    }
  }

  /**
   * The recurrent stack.
   *
   * @param hidden H, the width of the state
   * @param bidirectional whether each layer reads from both ends
   * @param lastStep whether the output at the last step is read, not the final state
   * @param uniform whether weights start as PyTorch's do
   * @param twoBiases whether a cell has two biases, as PyTorch's have
   */
  public record Recurrent(
      RnnCell cell,
      int hidden,
      int layers,
      boolean bidirectional,
      boolean lastStep,
      boolean uniform,
      boolean twoBiases) {
    public Recurrent {
      Settings.atLeastOne("hidden", hidden);
      Settings.atLeastOne("layers", layers);
      Settings.stateWidth((bidirectional ? 2L : 1L) * layers * cell.states() * hidden);
    }

    private RnnVertex vertex(int width) {
      RnnVertex vertex = new RnnVertex(cell, width, hidden, layers, bidirectional, false, 0);
      vertex = uniform ? vertex.startingUniform() : vertex;
      return twoBiases ? vertex.withTwoBiases() : vertex;
    }
  }

  public SequenceRnn {
    Settings.atLeastZero("classes", classes);
    Settings.atLeastOne("steps", steps);
  }

  /** The name of the input. */
  public String inputName() {
    return input.vocabulary > 0 ? WORDS : NUMBERS;
  }

  @Override
  public InputType[] inputTypes() {
    return new InputType[] {
      input.vocabulary > 0 ? Sequences.words(steps) : Sequences.type(input.width, steps)
    };
  }

  @Override
  public ComputationGraphConfiguration configuration(NetworkSettings solver) {
    GraphBuilder graph = solver.graph().addInputs(inputName()).setInputTypes(inputTypes());
    String sequence = inputName();
    if (input.vocabulary > 0) {
      sequence = EMBEDDING;
      graph.addLayer(sequence, tokenVectors(), inputName());
    }
    RnnVertex rnn = recurrent.vertex(input.given());
    if (classes == 0) {
      return graph
          .addVertex(RNN, rnn.giving(RnnVertex.Readout.ALL_FINAL_STATES), sequence)
          .addLayer(OUTPUT, new MeanLossLayer(), RNN)
          .setOutputs(OUTPUT)
          .build();
    }
    if (recurrent.lastStep) {
      graph.addVertex(RNN, rnn, sequence).addLayer(LAST, new LastStepLayer.Builder().build(), RNN);
    } else {
      graph.addVertex(RNN, rnn.giving(RnnVertex.Readout.FINAL_STATE), sequence);
    }
    return graph
        .addLayer(
            SCORES,
            new AffineLayer.Builder()
                .nOut(classes)
                .weightScale(1 / Math.sqrt(recurrent.hidden))
                .build(),
            recurrent.lastStep ? LAST : RNN)
        .addLayer(OUTPUT, new SoftmaxLossLayer(), SCORES)
        .setOutputs(OUTPUT)
        .build();
  }

  private Layer tokenVectors() {
    return input.width == 0
        ? new OneHotLayer.Builder().vocabulary(input.vocabulary).build()
        : new WordEmbeddingLayer.Builder()
            .vocabulary(input.vocabulary)
            .width(input.width)
            .weightScale(1 / Math.sqrt(input.width))
            .build();
  }
}
