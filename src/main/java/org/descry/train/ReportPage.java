package org.descry.train;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import javax.imageio.ImageIO;
import org.descry.data.ImageSet;
import org.descry.train.LineChart.Series;

/** The report of a finished job as one HTML page without anything outside itself. */
record ReportPage(
    Summary summary,
    List<EpochMetrics> epochs,
    ClassificationReport scores,
    List<Mistake> mistakes) {

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
      .mistakes img { width: 6.5rem; image-rendering: pixelated; display: block; }
      """;

  /**
   * A wrong answer.
   *
   * @param png the picture as base64
   */
  record Mistake(String png, String truth, String answer, float confidence) {
    static Mistake of(ImageSet images, Predictions predictions, int index) {
      List<String> names = images.labelNames();
      return new Mistake(
          picture(images, index),
          names.get(predictions.labels()[index]),
          names.get(predictions.answers()[index]),
          predictions.confidence()[index]);
    }
  }

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
    <h2>Classes</h2>
    %5$s
    <h2>Confusion matrix</h2>
    <p>Pictures of the test part by true class (row) and answer (column).</p>
    %6$s
    %7$s
    </body>
    </html>
    """
        .formatted(
            escape(summary.name()), STYLE, facts(), curves(), classes(), confusion(), grid());
  }

  private String facts() {
    return table(
        row("Test accuracy", percent(summary.testAccuracy()))
            + row("Test loss", number(summary.testLoss()))
            + row("Best epoch", summary.bestEpoch() + " of " + summary.epochs())
            + row("Validation accuracy", percent(summary.validationAccuracy()))
            + row("Parameters", String.format(Locale.ROOT, "%,d", summary.parameters()))
            + row("Seconds", String.format(Locale.ROOT, "%.1f", summary.seconds()))
            + row("Seed", Long.toString(summary.seed()))
            + row("Engine", summary.binary() + ", " + summary.threads() + " threads")
            + row("Versions", summary.versions().toString()));
  }

  private String curves() {
    return LineChart.svg(
            "Loss",
            List.of(
                series("training", "train", EpochMetrics::trainLoss),
                series("validation", "held", EpochMetrics::validationLoss)))
        + LineChart.svg(
            "Accuracy",
            List.of(
                series("training", "train", EpochMetrics::trainAccuracy),
                series("validation", "held", EpochMetrics::validationAccuracy)));
  }

  private Series series(String name, String style, Function<EpochMetrics, Double> value) {
    return new Series(name, style, epochs.stream().map(value).toList());
  }

  private String classes() {
    StringBuilder rows =
        new StringBuilder(
            "<tr><th class='text'>class</th><th>precision</th><th>recall</th><th>F1</th>"
                + "<th>pictures</th></tr>");
    for (ClassificationReport.ClassScore score : scores.classes()) {
      rows.append("<tr><th scope='row'>").append(escape(score.label())).append("</th>");
      cell(rows, number(score.precision()));
      cell(rows, number(score.recall()));
      cell(rows, number(score.f1()));
      cell(rows, Integer.toString(score.examples()));
      rows.append("</tr>");
    }
    return table(rows.toString());
  }

  private String confusion() {
    StringBuilder rows = new StringBuilder("<tr><th></th>");
    scores
        .classes()
        .forEach(score -> rows.append("<th>").append(escape(score.label())).append("</th>"));
    rows.append("</tr>");
    for (int truth = 0; truth < scores.confusion().size(); truth++) {
      List<Integer> counts = scores.confusion().get(truth);
      int total = Math.max(1, scores.classes().get(truth).examples());
      rows.append("<tr><th scope='row'>")
          .append(escape(scores.classes().get(truth).label()))
          .append("</th>");
      for (int answer = 0; answer < counts.size(); answer++) {
        rows.append(
            "<td style='background: color-mix(in srgb, var(--%s) %d%%, transparent)'>%d</td>"
                .formatted(
                    answer == truth ? "held" : "train",
                    Math.round(70.0 * counts.get(answer) / total),
                    counts.get(answer)));
      }
      rows.append("</tr>");
    }
    return "<div class='scroll'>" + table(rows.toString()) + "</div>";
  }

  private String grid() {
    if (mistakes.isEmpty()) {
      return "<h2>Mistakes</h2>\n<p>None on the test part.</p>";
    }
    StringBuilder figures =
        new StringBuilder("<h2>Most confident mistakes</h2>\n<div class='mistakes'>");
    for (Mistake mistake : mistakes) {
      figures.append(
          "<figure><img alt='%1$s' src='data:image/png;base64,%2$s'>%1$s<br>taken for %3$s<br>%4$s</figure>\n"
              .formatted(
                  escape(mistake.truth()),
                  mistake.png(),
                  escape(mistake.answer()),
                  number(mistake.confidence())));
    }
    return figures.append("</div>").toString();
  }

  private static String picture(ImageSet images, int index) {
    byte[] pixels = images.picture(index);
    int channels = images.channels();
    BufferedImage picture =
        new BufferedImage(images.width(), images.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < images.height() * images.width(); i++) {
      int red = pixels[i * channels] & 0xff;
      int green = channels == 3 ? pixels[i * channels + 1] & 0xff : red;
      int blue = channels == 3 ? pixels[i * channels + 2] & 0xff : red;
      picture.setRGB(i % images.width(), i / images.width(), red << 16 | green << 8 | blue);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }

  private static String table(String rows) {
    return "<table>" + rows + "</table>";
  }

  private static String row(String name, String value) {
    return "<tr><th scope='row'>" + name + "</th><td>" + escape(value) + "</td></tr>";
  }

  private static void cell(StringBuilder row, String value) {
    row.append("<td>").append(value).append("</td>");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
