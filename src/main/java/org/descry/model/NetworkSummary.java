package org.descry.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.Memory;
import org.descry.engine.dnn.Precision;
import org.descry.kernel.Window;
import org.descry.layer.AbstractConvLayer;

/**
 * What a network is made of.
 *
 * @param rows its inputs and vertices, in the order of the forward pass
 * @param step bytes that a step of training needs at least
 */
public record NetworkSummary(List<Row> rows, int batch, long step) {
  private static final List<String> TITLES =
      List.of("layer", "what", "output", "parameters", "multiply-adds");

  /**
   * An input or a vertex.
   *
   * @param what its kind in short, with a convolution's window
   * @param inputs the names of what it reads
   * @param shape of what it gives for an example, such as 3x32x32
   * @param multiplyAdds see {@link NetworkCosts}
   */
  public record Row(
      String name,
      String what,
      List<String> inputs,
      String shape,
      long parameters,
      long multiplyAdds) {
    private List<String> cells() {
      return List.of(name, what, shape, counted(parameters), counted(multiplyAdds));
    }
  }

  /**
   * @param batch examples of a step
   * @param precision of a step
   * @param inputs as the network was made for
   */
  public static NetworkSummary of(
      ComputationGraph network, int batch, Precision precision, InputType... inputs) {
    ComputationGraphConfiguration configuration = network.getConfiguration();
    Map<String, InputType> outputs = configuration.getLayerActivationTypes(false, inputs);
    List<Row> rows = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      int input = configuration.getNetworkInputs().indexOf(name);
      if (input >= 0) {
        rows.add(new Row(name, "input", List.of(), shape(inputs[input]), 0, 0));
      } else {
        GraphVertex vertex = configuration.getVertices().get(name);
        rows.add(
            new Row(
                name,
                what(vertex),
                configuration.getVertexInputs().get(name),
                shape(outputs.get(name)),
                network.getVertices()[index].numParams(),
                NetworkCosts.cost(configuration, name, vertex, inputs, outputs)));
      }
    }
    return new NetworkSummary(
        rows, batch, NetworkMemory.ofStep(configuration, batch, precision, inputs));
  }

  private static String what(GraphVertex vertex) {
    if (!(vertex instanceof LayerVertex layered)) {
      return vertex.getClass().getSimpleName().replaceFirst("Vertex$", "");
    }
    Layer layer = NetworkLayers.unwrapped(layered.getLayerConf().getLayer());
    String name = layer.getClass().getSimpleName().replaceFirst("Layer$", "");
    if (layer instanceof AbstractConvLayer conv) {
      Window window = conv.window();
      name += " %sx%s".formatted(window.height(), window.width());
      if (window.strideHeight() > 1 || window.strideWidth() > 1) {
        name += " / %sx%s".formatted(window.strideHeight(), window.strideWidth());
      }
    }
    return layered.getLayerConf().getLayer() instanceof FrozenLayer ? name + ", frozen" : name;
  }

  private static String shape(InputType type) {
    if (type instanceof InputType.InputTypeConvolutional image) {
      return "%sx%sx%s".formatted(image.getChannels(), image.getHeight(), image.getWidth());
    }
    if (type instanceof InputType.InputTypeRecurrent sequence) {
      return "%sx%s".formatted(Math.max(1, sequence.getTimeSeriesLength()), sequence.getSize());
    }
    return Long.toString(type.arrayElementsPerExample());
  }

  /** All parameters, those that do not learn too. */
  public long parameters() {
    return rows.stream().mapToLong(Row::parameters).sum();
  }

  /** Of the forward pass of an example; a step takes about three times as many. */
  public long multiplyAdds() {
    return rows.stream().mapToLong(Row::multiplyAdds).sum();
  }

  /** All of it as lines for a terminal, without a line end. */
  public String text() {
    List<List<String>> table = new ArrayList<>(List.of(TITLES));
    rows.forEach(row -> table.add(row.cells()));
    table.add(List.of("all", "", "", counted(parameters()), counted(multiplyAdds())));
    int[] widths = new int[TITLES.size()];
    for (List<String> row : table) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    String format =
        "%-" + widths[0] + "s  %-" + widths[1] + "s  %" + widths[2] + "s  %" + widths[3] + "s  %"
            + widths[4] + "s%n";
    StringBuilder text = new StringBuilder();
    table.forEach(row -> text.append(String.format(Locale.ROOT, format, row.toArray())));
    return text + memory();
  }

  /** What a step needs, as a sentence. */
  public String memory() {
    return String.format(
        Locale.ROOT,
        "A step on %,d example%s needs at least %s of memory.",
        batch,
        batch == 1 ? "" : "s",
        Memory.words(step));
  }

  private static String counted(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
