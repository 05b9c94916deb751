package org.descry.replay;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Scales the whole gradient down to an L2 norm where its own is larger, before regularisation and
 * the update rule see it: DL4J clips each layer or parameter by itself. A listener of the graph, in
 * {@link ComputationGraph#fit} and in {@link RecordedStep}, to the same bits. The gradient is that
 * of the batch's mean loss. For one graph.
 */
public final class GlobalNormClipping extends GradientListener {
  private final double limit;
  private INDArray gradient;
  private NormLimit clipping;

  /**
   * @param limit the largest norm, above 0
   */
  public GlobalNormClipping(double limit) {
    if (!(limit > 0)) {
      throw new IllegalArgumentException("limit is %s, but expected above 0".formatted(limit));
    }
    this.limit = limit;
  }

  @Override
  public void onGradientCalculation(Model model) {
    ComputationGraph network = (ComputationGraph) model;
    if (network.getFlattenedGradients() != gradient) {
      gradient = network.getFlattenedGradients();
      try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
        clipping = new NormLimit(gradient);
      }
    }
    // DL4J divides by the batch afterwards.
    double norm =
        clipping.apply(network.conf().isMiniBatch() ? limit * network.batchSize() : limit);
    if (!Double.isFinite(norm)) {
      notFinite(network);
    }
  }
}
