package org.descry.export.stock;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.params.LSTMParamInitializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * {@code c' = f c + i g, h' = o tanh(c')}: in a step each gate is a dense layer on x and h side by
 * side.
 *
 * <p>Descry's blocks of H columns are the gates i, f, o, g. DL4J's {@link LSTM}, which has no
 * peepholes, calls g the input and i the input's modulation, and has them in the order g, f, o, i.
 */
final class LstmConverter implements RecurrentConverter {
  private static final int I = 0;
  private static final int F = 1;
  private static final int O = 2;
  private static final int G = 3;

  @Override
  public LSTM layer(Cell cell) {
    return new LSTM.Builder()
        .nIn(cell.wX().size(0))
        .nOut(cell.hidden())
        .activation(Activation.TANH)
        .gateActivationFunction(Activation.SIGMOID)
        .build();
  }

  @Override
  public Map<String, INDArray> parameters(Cell cell) {
    return Map.of(
        LSTMParamInitializer.INPUT_WEIGHT_KEY,
        reordered(cell.wX(), cell.hidden()),
        LSTMParamInitializer.RECURRENT_WEIGHT_KEY,
        reordered(cell.wH(), cell.hidden()),
        LSTMParamInitializer.BIAS_KEY,
        reordered(cell.b().reshape(1, cell.b().length()), cell.hidden()));
  }

  private static INDArray reordered(INDArray blocks, long hidden) {
    return Nd4j.hstack(
        block(blocks, G, hidden),
        block(blocks, F, hidden),
        block(blocks, O, hidden),
        block(blocks, I, hidden));
  }

  private static INDArray block(INDArray blocks, int gate, long hidden) {
    return blocks.get(
        NDArrayIndex.all(), NDArrayIndex.interval(gate * hidden, (gate + 1) * hidden));
  }

  @Override
  public List<String> step(StockGraph graph, Cell cell, String input, List<String> before) {
    String name = cell.name();
    String both = graph.vertex(name + "-in", new MergeVertex(), input, before.get(0));
    String i = gate(graph, cell, "-i", I, Activation.SIGMOID, both);
    String f = gate(graph, cell, "-f", F, Activation.SIGMOID, both);
    String o = gate(graph, cell, "-o", O, Activation.SIGMOID, both);
    String g = gate(graph, cell, "-g", G, Activation.TANH, both);
    String kept = product(graph, name + "-kept", f, before.get(1));
    String added = product(graph, name + "-added", i, g);
    String c =
        graph.vertex(name + "-c", new ElementWiseVertex(ElementWiseVertex.Op.Add), kept, added);
    String squashed = graph.layer(name + "-tanh", new ActivationLayer(Activation.TANH), c);
    return List.of(product(graph, name, o, squashed), c);
  }

  private static String gate(
      StockGraph graph, Cell cell, String suffix, int gate, Activation activation, String input) {
    long hidden = cell.hidden();
    return AffineConverters.dense(
        graph,
        cell.name() + suffix,
        Nd4j.vstack(block(cell.wX(), gate, hidden), block(cell.wH(), gate, hidden)),
        cell.b().get(NDArrayIndex.interval(gate * hidden, (gate + 1) * hidden)),
        activation,
        input);
  }

  private static String product(StockGraph graph, String name, String a, String b) {
    return graph.vertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Product), a, b);
  }
}
