package org.descry.model;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.layer.AbstractRnnVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The recurrent state that a batch of a running text leaves to the next: {@link
 * NetworkModel#STATE}, N x (L S H) float32, zeros before the first batch. The network itself
 * remembers nothing between steps.
 */
public final class CarriedState {
  private final int width;
  private INDArray state;
  private INDArray spare;

  /**
   * @param width L S H
   */
  public CarriedState(int width) {
    if (width < 1) {
      throw new IllegalArgumentException("Expected a state's width of at least 1, got: " + width);
    }
    this.width = width;
  }

  /** The batch with the state as its second input, which holds until the next but one is kept. */
  public MultiDataSet with(org.nd4j.linalg.dataset.api.MultiDataSet batch) {
    long rows = batch.getFeatures(0).size(0);
    if (state == null) {
      state = zeros(rows);
    }
    return new MultiDataSet(
        new INDArray[] {batch.getFeatures(0), state},
        batch.getLabels(),
        null,
        batch.getLabelsMaskArrays());
  }

  private INDArray zeros(long rows) {
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return Nd4j.zeros(DataType.FLOAT, rows, width);
    }
  }

  /** Keeps the state after the network's latest pass, of training or not. */
  public void keep(ComputationGraph network) {
    // Not into the input of the pass: who holds it sees what the network saw.
    INDArray next = spare == null ? zeros(state.size(0)) : spare;
    AbstractRnnVertex.copyLastState(network.getVertex(NetworkModel.RNN), next);
    spare = state;
    state = next;
  }

  /** A copy of the state; null before the first batch. */
  public INDArray copy() {
    return state == null ? null : state.dup();
  }

  /** Whether it can go on from a state. */
  public boolean takes(INDArray from) {
    return from != null && from.rank() == 2 && from.size(1) == width;
  }

  /**
   * Goes on from a state.
   *
   * @param from a {@link #copy}, or null to begin with zeros
   */
  public void set(INDArray from) {
    if (from != null && !takes(from)) {
      throw new IllegalArgumentException(
          "Expected a state of N x %s, got: %s".formatted(width, Arrays.toString(from.shape())));
    }
    state = from == null ? null : from.castTo(DataType.FLOAT).dup('c');
    spare = null;
  }
}
