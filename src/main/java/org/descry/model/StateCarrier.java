package org.descry.model;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.descry.layer.AbstractRnnVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * After each training step, copies the last state of a {@link LanguageRnn} into the array that is
 * its next step's initial state. The network itself remembers nothing between steps.
 */
public final class StateCarrier extends BaseTrainingListener {
  private final INDArray state;

  /**
   * @param state N x (L S H), the array that the training data has as {@link LanguageRnn#STATE}
   */
  public StateCarrier(INDArray state) {
    this.state = state;
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    carry((ComputationGraph) model);
  }

  /** Copies the state after the network's latest pass, of training or not. */
  public void carry(ComputationGraph network) {
    AbstractRnnVertex.copyLastState(network.getVertex(CaptioningRnn.RNN), state);
  }
}
