package org.descry.train.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.LayerNorms;
import org.descry.metrics.Metric;
import org.descry.report.Html;
import org.descry.report.LineChart;
import org.descry.report.LineChart.Series;
import org.descry.report.Scale;

/**
 * What was measured of a training, epoch after epoch, in charts.
 *
 * @param epochs at least one
 * @param best the epoch that is marked as the best; 0 for none
 */
record EpochCharts(List<EpochMetrics> epochs, int best) {
  private static final String LEGEND =
      Html.legend("train", "training") + " " + Html.legend("held", "validation");

  /** The curves, and what is known of the layers. */
  String html() {
    return curves() + norms();
  }

  /** The losses, a chart for each score on the validation part, and the learning rate. */
  private String curves() {
    StringBuilder charts = new StringBuilder();
    List<Series> losses =
        List.of(
            training(EpochMetrics.TRAIN_LOSS.name()),
            validation(EpochMetrics.VALIDATION_LOSS.name()));
    List<Double> values = LineChart.values(losses);
    charts.append(chart("Loss", LEGEND, losses, Scale.linear(values)));
    if (Scale.wideLosses(values)) {
      charts.append(chart("Loss, logarithmic", LEGEND, losses, Scale.logarithmic(values)));
    }
    for (String name : scores()) {
      String score = name.substring(EpochMetrics.VALIDATION.length());
      List<Series> curves = new ArrayList<>();
      String legend = Html.legend("held", "validation");
      if (epochs.stream().anyMatch(epoch -> epoch.value(EpochMetrics.TRAIN + score) != null)) {
        curves.add(training(EpochMetrics.TRAIN + score));
        legend = LEGEND;
      }
      curves.add(validation(name));
      charts.append(
          chart(Metric.title(score), legend, curves, Scale.linear(LineChart.values(curves))));
    }
    List<Series> rate = List.of(training(EpochMetrics.LEARNING_RATE.name()));
    return charts
        .append(chart("Learning rate", "", rate, Scale.fitting(LineChart.values(rate))))
        .toString();
  }

  private List<String> scores() {
    return epochs.stream()
        .flatMap(epoch -> epoch.scores().keySet().stream())
        .filter(name -> name.startsWith(EpochMetrics.VALIDATION))
        .distinct()
        .sorted()
        .toList();
  }

  private String chart(String title, String legend, List<Series> curves, Scale vertical) {
    return LineChart.svg(title, legend, curves, vertical, best);
  }

  /** What a job that watches its layers knows of them: a chart for each kind of norm. */
  private String norms() {
    EpochMetrics last = epochs.get(epochs.size() - 1);
    if (last.layers() == null) {
      return "";
    }
    return "<h2>Layers</h2>"
        + chart("Norm of weights", last, LayerNorms::weights)
        + chart("Norm of gradients", last, LayerNorms::gradients)
        + chart("Norm of updates", last, LayerNorms::updates);
  }

  private String chart(String title, EpochMetrics last, ToDoubleFunction<LayerNorms> norm) {
    List<String> layers = List.copyOf(last.layers().keySet());
    List<Series> curves = new ArrayList<>();
    StringBuilder legend = new StringBuilder();
    for (int i = 0; i < layers.size(); i++) {
      String layer = layers.get(i);
      legend
          .append("<span class='key'>")
          .append(Html.swatch(i, layers.size()))
          .append(Html.escape(layer))
          .append("</span> ");
      curves.add(
          new Series(
              layer,
              "class='hue' style='%s'".formatted(Html.hue(i, layers.size())),
              epochs.stream().map(epoch -> norm(epoch, layer, norm)).toList()));
    }
    return LineChart.svg(title, legend.toString(), curves);
  }

  private static Double norm(EpochMetrics epoch, String layer, ToDoubleFunction<LayerNorms> norm) {
    LayerNorms norms = epoch.layers() == null ? null : epoch.layers().get(layer);
    return norms == null ? null : Double.valueOf(norm.applyAsDouble(norms));
  }

  private Series training(String metric) {
    return new Series("training", "class='train'", values(metric));
  }

  private Series validation(String metric) {
    return new Series("validation", "class='held'", values(metric));
  }

  private List<Double> values(String metric) {
    return epochs.stream().map(epoch -> epoch.value(metric)).toList();
  }
}
