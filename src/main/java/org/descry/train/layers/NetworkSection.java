package org.descry.train.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.descry.model.NetworkSummary;
import org.descry.report.Diagram;
import org.descry.report.Html;
import org.descry.report.ReportSection;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network in a report: its graph, its size, and the filters that look at images. */
public final class NetworkSection {
  private static final int MOST_FILTERS = 256;
  private static final int RGB = 3;

  private NetworkSection() {}

  /** The sections about a network. */
  public static List<ReportSection> of(ComputationGraph network, NetworkSummary summary) {
    List<ReportSection> sections = new ArrayList<>();
    sections.add(new ReportSection("Graph", graph(summary)));
    for (String name : network.getConfiguration().getVertices().keySet()) {
      INDArray weights = filters(network, name);
      if (weights != null) {
        sections.add(new ReportSection("Filters of " + name, images(weights)));
      }
    }
    return sections;
  }

  private static String graph(NetworkSummary summary) {
    List<Diagram.Node> nodes =
        summary.rows().stream()
            .map(
                row ->
                    new Diagram.Node(
                        row.name(), row.what() + ", " + row.shape() + size(row), row.inputs()))
            .toList();
    return "<p>%s</p>%s"
        .formatted(
            Html.escape(
                String.format(
                    Locale.ROOT,
                    "%,d parameters; %,d multiply-adds in the forward pass of an example. %s",
                    summary.parameters(),
                    summary.multiplyAdds(),
                    summary.memory())),
            Diagram.svg("The network", nodes));
  }

  private static String size(NetworkSummary.Row row) {
    return row.parameters() == 0 ? "" : String.format(Locale.ROOT, ", %,d", row.parameters());
  }

  /** The weights F x C x H x W of a layer that reads an image of colours or grey; else null. */
  private static INDArray filters(ComputationGraph network, String name) {
    GraphVertex vertex = network.getVertex(name);
    boolean first =
        network
            .getConfiguration()
            .getNetworkInputs()
            .contains(network.getConfiguration().getVertexInputs().get(name).get(0));
    INDArray weights = first && vertex.hasLayer() ? vertex.paramTable(false).get("W") : null;
    return weights != null
            && weights.rank() == 4
            && (weights.size(1) == 1 || weights.size(1) == RGB)
        ? weights
        : null;
  }

  private static String images(INDArray weights) {
    StringBuilder images = new StringBuilder("<div class='filters'>");
    for (int i = 0; i < Math.min(MOST_FILTERS, weights.size(0)); i++) {
      images.append(
          "<img alt='Filter %s' src='data:image/png;base64,%s'>"
              .formatted(
                  i + 1,
                  Html.png(bytes(weights.slice(i)), (int) weights.size(2), (int) weights.size(3))));
    }
    return images.append("</div>").toString();
  }

  /** C x H x W numbers as channels-last bytes, the smallest black and the largest white. */
  private static byte[] bytes(INDArray filter) {
    double low = filter.minNumber().doubleValue();
    double range = Math.max(1e-12, filter.maxNumber().doubleValue() - low);
    float[] values = filter.permute(1, 2, 0).dup('c').data().asFloat();
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) Math.round(255 * (values[i] - low) / range);
    }
    return bytes;
  }
}
