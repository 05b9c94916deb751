package org.descry.export.stock;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.params.SimpleRnnParamInitializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@code h' = tanh(x Wx + h Wh + b)}: a step is a dense layer on x and h side by side. */
final class VanillaConverter implements RecurrentConverter {
  @Override
  public SimpleRnn layer(Cell cell) {
    return new SimpleRnn.Builder()
        .nIn(cell.wX().size(0))
        .nOut(cell.hidden())
        .activation(Activation.TANH)
        .build();
  }

  @Override
  public Map<String, INDArray> parameters(Cell cell) {
    return Map.of(
        SimpleRnnParamInitializer.WEIGHT_KEY,
        cell.wX(),
        SimpleRnnParamInitializer.RECURRENT_WEIGHT_KEY,
        cell.wH(),
        SimpleRnnParamInitializer.BIAS_KEY,
        cell.b());
  }

  @Override
  public List<String> step(StockGraph graph, Cell cell, String input, List<String> before) {
    String both = graph.vertex(cell.name() + "-in", new MergeVertex(), input, before.get(0));
    return List.of(
        AffineConverters.dense(
            graph,
            cell.name(),
            Nd4j.vstack(cell.wX(), cell.wH()),
            cell.b(),
            Activation.TANH,
            both));
  }
}
