package org.descry.kind.captioner;

import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.descry.model.ConvNet;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Keeps a captioner's stages as they were made for some epochs; then they learn along. */
final class LateStages extends BaseTrainingListener {
  private final int epochs;
  private final List<INDArray> parameters;
  private final List<INDArray> kept;

  /**
   * @param network with stages as they are to be kept
   * @param epochs in which they are
   */
  LateStages(ComputationGraph network, int stages, int epochs) {
    this.epochs = epochs;
    parameters =
        IntStream.range(0, stages)
            .mapToObj(i -> network.getLayer(ConvNet.stageName(i)).params())
            .toList();
    kept = parameters.stream().map(INDArray::dup).toList();
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    for (int i = 0; epoch < epochs && i < kept.size(); i++) {
      parameters.get(i).assign(kept.get(i));
    }
  }
}
