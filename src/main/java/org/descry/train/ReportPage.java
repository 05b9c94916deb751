package org.descry.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.descry.train.LineChart.Series;

/** The report of a finished job as one HTML page without anything outside itself. */
record ReportPage(Summary summary, List<EpochMetrics> epochs, Task.Findings findings) {

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #8884; --train: #c2571a; --held: #2467b3; }
      @media (prefers-color-scheme: dark) { :root { --train: #ff9a5c; --held: #6fb1ff; } }
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem;
        padding: 0 1rem; }
      figure { display: inline-block; margin: 0 1rem 1rem 0; }
      svg { width: 29rem; max-width: 100%; display: block; }
      svg text { font-size: 11px; fill: currentColor; }
      svg .grid { stroke: var(--line); }
      svg polyline { fill: none; stroke: currentColor; stroke-width: 2; }
      svg circle { fill: currentColor; }
      .train { color: var(--train); } .held { color: var(--held); }
      table { border-collapse: collapse; margin-bottom: 1rem; }
      td, th { padding: .2rem .6rem; border: 1px solid var(--line); text-align: right; }
      th { font-weight: 600; } th[scope=row], .text { text-align: left; }
      .scroll { overflow-x: auto; }
      .mistakes { display: flex; flex-wrap: wrap; gap: 1rem; }
      .mistakes figure { margin: 0; width: 6.5rem; font-size: 12px; }
      .captions { display: flex; flex-wrap: wrap; gap: 1rem; }
      .captions figure { margin: 0; width: 13rem; font-size: 13px; line-height: 1.35; }
      .captions img { width: 8rem; image-rendering: pixelated; display: block; }
      .mistakes img { width: 6.5rem; image-rendering: pixelated; display: block; }
      """;

  String html() {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%1$s</title>
    <style>
    %2$s</style>
    </head>
    <body>
    <h1>%1$s</h1>
    %3$s
    %4$s
    %5$s
    </body>
    </html>
    """
        .formatted(Html.escape(summary.name()), STYLE, facts(), curves(), findings.sections());
  }

  private String facts() {
    StringBuilder rows = new StringBuilder();
    findings.facts().forEach((name, value) -> rows.append(Html.row(name, value)));
    rows.append(Html.row("Best epoch", summary.bestEpoch() + " of " + summary.epochs()));
    rows.append(Html.row("Validation loss", Html.number(summary.validationLoss())));
    summary
        .scores()
        .forEach((name, value) -> rows.append(Html.row(title(name), Html.number(value))));
    rows.append(Html.row("Parameters", String.format(Locale.ROOT, "%,d", summary.parameters())))
        .append(Html.row("Seconds", String.format(Locale.ROOT, "%.1f", summary.seconds())))
        .append(Html.row("Seed", Long.toString(summary.seed())))
        .append(Html.row("Engine", summary.binary() + ", " + summary.threads() + " threads"))
        .append(Html.row("Versions", summary.versions().toString()));
    return Html.table(rows.toString());
  }

  /** The losses, and a chart for each score on the validation part. */
  private String curves() {
    StringBuilder charts = new StringBuilder();
    charts.append(
        LineChart.svg(
            "Loss",
            List.of(
                series("training", EpochMetrics::trainLoss),
                series(EpochMetrics.VALIDATION, EpochMetrics::validationLoss))));
    for (String name : summary.scores().keySet()) {
      if (name.startsWith(EpochMetrics.VALIDATION)) {
        String score = name.substring(EpochMetrics.VALIDATION.length());
        List<Series> curves = new ArrayList<>();
        if (summary.scores().containsKey(EpochMetrics.TRAIN + score)) {
          curves.add(series("training", m -> m.scores().get(EpochMetrics.TRAIN + score)));
        }
        curves.add(series(EpochMetrics.VALIDATION, m -> m.scores().get(name)));
        charts.append(LineChart.svg(score, curves));
      }
    }
    return charts.toString();
  }

  private Series series(String name, ToDoubleFunction<EpochMetrics> value) {
    String style = name.equals(EpochMetrics.VALIDATION) ? "held" : "train";
    return new Series(name, style, epochs.stream().mapToDouble(value).boxed().toList());
  }

  /** {@code validationAccuracy} as "Validation accuracy". */
  private static String title(String name) {
    String words = name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
