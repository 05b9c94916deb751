package org.descry.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.LayerNorms;
import org.descry.metrics.Metric;
import org.descry.report.Html;
import org.descry.report.LineChart;
import org.descry.report.LineChart.Series;
import org.descry.report.Page;
import org.descry.report.ReportSection;
import org.descry.report.Scale;

/** The report of a finished job as one HTML page without anything outside itself. */
record ReportPage(Summary summary, List<EpochMetrics> epochs, List<ReportSection> sections) {

  private static final String STYLE =
      """
      .mistakes { display: flex; flex-wrap: wrap; gap: 1rem; }
      .mistakes figure { margin: 0; width: 6.5rem; font-size: 12px; }
      .captions { display: flex; flex-wrap: wrap; gap: 1rem; }
      .captions figure { margin: 0; width: 13rem; font-size: 13px; line-height: 1.35; }
      .looks { display: flex; flex-wrap: wrap; gap: .25rem; margin-bottom: 1rem; }
      .looks figure { margin: 0; width: 5rem; font-size: 12px; text-align: center; }
      .looks img { width: 5rem; display: block; }
      .captions img { width: 8rem; image-rendering: pixelated; display: block; }
      .mistakes img { width: 6.5rem; image-rendering: pixelated; display: block; }
      """;
  private static final String LEGEND =
      Html.legend("train", "training") + " " + Html.legend("held", "validation");

  String html() {
    return Page.html(
        summary.name(),
        STYLE,
        facts()
            + curves()
            + layers()
            + String.join("", sections.stream().map(ReportSection::toString).toList()));
  }

  private String facts() {
    StringBuilder rows = new StringBuilder();
    summary.evaluation().facts().forEach((name, value) -> rows.append(Html.row(name, value)));
    rows.append(Html.row("Best epoch", summary.bestEpoch() + " of " + summary.epochs()));
    rows.append(Html.row("Validation loss", Html.number(summary.validationLoss())));
    summary
        .scores()
        .forEach((name, value) -> rows.append(Html.row(title(name), Html.number(value))));
    rows.append(Html.row("Parameters", String.format(Locale.ROOT, "%,d", summary.parameters())))
        .append(Html.row("Seconds", String.format(Locale.ROOT, "%.1f", summary.seconds())))
        .append(Html.row("Time", summary.time().toString()))
        .append(Html.row("Seed", Long.toString(summary.seed())))
        .append(Html.row("Engine", summary.binary() + ", " + threads()))
        .append(Html.row("Precision", summary.precision()))
        .append(Html.row("Versions", versions()));
    return Html.table(rows.toString());
  }

  private String threads() {
    return summary.threads() + (summary.threads() == 1 ? " thread" : " threads");
  }

  private String versions() {
    return summary.versions().entrySet().stream()
        .map(version -> version.getKey() + " " + version.getValue())
        .collect(Collectors.joining(", "));
  }

  /** The losses, a chart for each score on the validation part, and the learning rate. */
  private String curves() {
    StringBuilder charts = new StringBuilder();
    charts.append(
        LineChart.svg(
            "Loss",
            LEGEND,
            List.of(
                training(EpochMetrics.TRAIN_LOSS.name()),
                validation(EpochMetrics.VALIDATION_LOSS.name()))));
    for (String name : summary.scores().keySet()) {
      if (name.startsWith(EpochMetrics.VALIDATION)) {
        String score = name.substring(EpochMetrics.VALIDATION.length());
        List<Series> curves = new ArrayList<>();
        String legend = Html.legend("held", "validation");
        if (summary.scores().containsKey(EpochMetrics.TRAIN + score)) {
          curves.add(training(EpochMetrics.TRAIN + score));
          legend = LEGEND;
        }
        curves.add(validation(name));
        charts.append(LineChart.svg(title(score), legend, curves));
      }
    }
    List<Series> rate = List.of(training(EpochMetrics.LEARNING_RATE.name()));
    return charts
        .append(LineChart.svg("Learning rate", "", rate, Scale.fitting(LineChart.values(rate))))
        .toString();
  }

  /** What a job that watches its layers knows of them: a chart for each kind of norm. */
  private String layers() {
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
    List<Series> curves =
        last.layers().keySet().stream()
            .map(
                layer ->
                    new Series(
                        layer,
                        "class='train'",
                        epochs.stream().map(epoch -> norm(epoch, layer, norm)).toList()))
            .toList();
    return LineChart.svg(title, "", curves);
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

  /** {@code validationAccuracy} as "Validation accuracy". */
  private static String title(String name) {
    String words = Metric.words(name);
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
