package org.descry.export.stock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.export.stock.StockConverter.Original;
import org.descry.kernel.RnnCell;
import org.descry.layer.AbstractRnnVertex;
import org.descry.layer.RnnVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A stack of recurrent layers, cell by cell: of one that reads in both directions, forwards and
 * backwards of the first layer, then of the second.
 *
 * @param counterpart what stands for its cells
 * @param states S, the number of arrays in a cell's state
 * @param directions 1 or 2
 */
record RecurrentStack(
    RecurrentConverter counterpart,
    int states,
    int directions,
    List<RecurrentConverter.Cell> cells) {
  private static final Map<RnnCell, RecurrentConverter> CONVERTERS =
      Map.of(RnnCell.VANILLA, new VanillaConverter(), RnnCell.LSTM, new LstmConverter());

  /**
   * @throws DescryException if its cells have no counterpart
   */
  static RecurrentStack of(Original<? extends AbstractRnnVertex> original) {
    AbstractRnnVertex vertex = original.layer();
    RecurrentConverter counterpart = CONVERTERS.get(vertex.cell());
    if (counterpart == null) {
      throw new UsageException(
          "The layer \"%s\" has no counterpart among DL4J's built-in layers, which lack %s cells; expected vanilla or lstm cells, or another --format."
              .formatted(original.name(), vertex.cell().name().toLowerCase(Locale.ROOT)));
    }
    int directions = vertex.readsBothDirections() ? 2 : 1;
    List<RecurrentConverter.Cell> cells = new ArrayList<>();
    Map<String, INDArray> params = original.params();
    for (int i = 0; params.containsKey("Wx" + i); i++) {
      int layer = i / directions;
      String name = layer == 0 ? original.name() : original.name() + (layer + 1);
      cells.add(
          new RecurrentConverter.Cell(
              name, params.get("Wx" + i), params.get("Wh" + i), bias(params, i)));
    }
    return new RecurrentStack(counterpart, vertex.cell().states(), directions, cells);
  }

  private static INDArray bias(Map<String, INDArray> params, int cell) {
    INDArray second = params.get(RnnVertex.SECOND_BIAS + cell);
    return second == null ? params.get("b" + cell) : params.get("b" + cell).add(second);
  }

  /**
   * Adds its layers, which read sequences and begin with zeros, and returns the last one's name.
   */
  String addTo(StockGraph graph, String input) {
    return add(graph, input, cells.size());
  }

  /** Adds its layers and what picks the state in which the last one ends; returns its name. */
  String addFinal(StockGraph graph, String input) {
    if (directions == 1) {
      return graph.lastStep(addTo(graph, input));
    }
    Both last = both(graph, cells.size() - 2, add(graph, input, cells.size() - 2));
    return graph.vertex(
        last.name,
        new MergeVertex(),
        graph.lastStep(last.forwards),
        graph.lastStep(last.backwards));
  }

  /**
   * A layer that reads in both directions, of sequences with a mask: DL4J's {@link Bidirectional}
   * leaves something of the padding in an LSTM that reads it first.
   *
   * @param forwards the name of the one half
   * @param backwards the name of the other, which reads turned sequences
   */
  private record Both(String name, String forwards, String backwards) {}

  private Both both(StockGraph graph, int first, String input) {
    String name = cells.get(first).name();
    String turned = graph.turned(name + "-turned", input);
    return new Both(
        name,
        layer(graph, name + "-forwards", cells.get(first), input),
        layer(graph, name + "-backwards", cells.get(first + 1), turned));
  }

  private String layer(StockGraph graph, String name, RecurrentConverter.Cell cell, String input) {
    return graph.layer(name, counterpart.layer(cell), counterpart.parameters(cell), input);
  }

  private String add(StockGraph graph, String input, int count) {
    String output = input;
    for (int i = 0; i < count; i += directions) {
      output =
          directions == 1
              ? layer(graph, cells.get(i).name(), cells.get(i), output)
              : bidirectional(graph, i, output);
    }
    return output;
  }

  private String bidirectional(StockGraph graph, int first, String input) {
    if (graph.masked()) {
      Both both = both(graph, first, input);
      String back = graph.turned(both.name + "-back", both.backwards);
      return graph.vertex(both.name, new MergeVertex(), both.forwards, back);
    }
    RecurrentConverter.Cell cell = cells.get(first);
    return graph.layer(
        cell.name(),
        new Bidirectional(Bidirectional.Mode.CONCAT, counterpart.layer(cell)),
        bothDirections(cell, cells.get(first + 1)),
        input);
  }

  /** DL4J has an f before the names of the one and a b before those of the other. */
  private Map<String, INDArray> bothDirections(
      RecurrentConverter.Cell forwards, RecurrentConverter.Cell backwards) {
    Map<String, INDArray> params = new HashMap<>();
    counterpart.parameters(forwards).forEach((name, values) -> params.put("f" + name, values));
    counterpart.parameters(backwards).forEach((name, values) -> params.put("b" + name, values));
    return params;
  }
}
