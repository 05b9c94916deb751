package org.descry.bench.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.descry.bench.SequenceSpec;

/**
 * Word vectors, PyTorch's fused recurrent network and a linear layer to the scores. Inputs: the
 * features N x D, where the network has some, and the words N x T. Output N x T x V.
 */
final class SequenceBlock extends AbstractBlock {
  private final SequenceSpec net;
  private final Parameter embedding;
  private final Block projection;
  private final Block rnn;
  private final Block scores;

  SequenceBlock(SequenceSpec net) {
    this.net = net;
    embedding =
        addParameter(
            Parameter.builder()
                .setName("embedding")
                .setType(Parameter.Type.WEIGHT)
                .optShape(new Shape(net.vocabulary(), net.embedding()))
                .build());
    projection = net.hasFeatures() ? addChildBlock("projection", linear(net.stateWidth())) : null;
    rnn = addChildBlock("rnn", net.lstm() ? lstm() : vanilla());
    scores = addChildBlock("scores", linear(net.vocabulary()));
  }

  private Block vanilla() {
    return RNN.builder()
        .setStateSize(net.hidden())
        .setNumLayers(net.layers())
        .setActivation(RNN.Activation.TANH)
        .optReturnState(true)
        .build();
  }

  private Block lstm() {
    return LSTM.builder()
        .setStateSize(net.hidden())
        .setNumLayers(net.layers())
        .optReturnState(true)
        .build();
  }

  private static Block linear(int units) {
    return Linear.builder().setUnits(units).build();
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape words = inputs[inputs.length - 1];
    if (net.hasFeatures()) {
      projection.initialize(manager, type, inputs[0]);
    }
    rnn.initialize(manager, type, words.add(net.embedding()));
    scores.initialize(manager, type, words.add(net.hidden()));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      PairList<String, Object> arguments) {
    NDArray state = net.hasFeatures() ? initialState(parameters, inputs.get(0), training) : null;
    NDArray words = inputs.get(inputs.size() - 1);
    return new NDList(step(parameters, words, state, training).get(0));
  }

  /** The state that features lead to, 1 x N x H, an LSTM's h beside its c. */
  NDArray initialState(ParameterStore parameters, NDArray features, boolean training) {
    return projection.forward(parameters, new NDList(features), training).head().expandDims(0);
  }

  /**
   * Reads words N x T.
   *
   * @param state the initial state; null for zeros
   * @return the scores N x T x V and the state after the last word
   */
  NDList step(ParameterStore parameters, NDArray words, NDArray state, boolean training) {
    NDArray table = parameters.getValue(embedding, words.getDevice(), training);
    NDList inputs = new NDList(Embedding.embedding(words, table, SparseFormat.DENSE).head());
    if (state != null) {
      inputs.addAll(net.lstm() ? state.split(2, 2) : new NDList(state));
    }
    NDList states = rnn.forward(parameters, inputs, training);
    NDList output = scores.forward(parameters, new NDList(states.get(0)), training);
    output.add(states.get(1));
    return output;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {inputs[inputs.length - 1].add(net.vocabulary())};
  }
}
