package org.descry.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.descry.data.image.ImageSet;
import org.descry.report.Html;

/** A classifier's answers to the test part: scores a class, confusion matrix, worst mistakes. */
record ClassifierFindings(ClassificationReport scores, List<Mistake> mistakes)
    implements Task.Findings {

  /**
   * A wrong answer.
   *
   * @param png the picture as base64
   */
  record Mistake(String png, String truth, String answer, float confidence) {
    static Mistake of(ImageSet images, Predictions predictions, int index) {
      List<String> names = images.labelNames();
      return new Mistake(
          Html.png(images.picture(index), images.height(), images.width(), images.channels()),
          names.get(predictions.labels()[index]),
          names.get(predictions.answers()[index]),
          predictions.confidence()[index]);
    }
  }

  @Override
  public Results results() {
    return new ClassifierResults(scores.accuracy(), scores.loss());
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Test accuracy", Html.percent(scores.accuracy()));
    facts.put("Test loss", Html.number(scores.loss()));
    return facts;
  }

  @Override
  public String sections() {
    return """
    <h2>Classes</h2>
    %s
    <h2>Confusion matrix</h2>
    <p>Pictures of the test part by true class (row) and answer (column).</p>
    %s
    %s
    """
        .formatted(classes(), confusion(), grid());
  }

  private String classes() {
    StringBuilder rows =
        new StringBuilder(
            "<tr><th class='text'>class</th><th>precision</th><th>recall</th><th>F1</th>"
                + "<th>pictures</th></tr>");
    for (ClassificationReport.ClassScore score : scores.classes()) {
      rows.append("<tr><th scope='row'>").append(Html.escape(score.label())).append("</th>");
      Html.cell(rows, Html.number(score.precision()));
      Html.cell(rows, Html.number(score.recall()));
      Html.cell(rows, Html.number(score.f1()));
      Html.cell(rows, Integer.toString(score.examples()));
      rows.append("</tr>");
    }
    return Html.table(rows.toString());
  }

  private String confusion() {
    StringBuilder rows = new StringBuilder("<tr><th></th>");
    scores
        .classes()
        .forEach(score -> rows.append("<th>").append(Html.escape(score.label())).append("</th>"));
    rows.append("</tr>");
    for (int truth = 0; truth < scores.confusion().size(); truth++) {
      List<Integer> counts = scores.confusion().get(truth);
      int total = Math.max(1, scores.classes().get(truth).examples());
      rows.append("<tr><th scope='row'>")
          .append(Html.escape(scores.classes().get(truth).label()))
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
    return "<div class='scroll'>" + Html.table(rows.toString()) + "</div>";
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
                  Html.escape(mistake.truth()),
                  mistake.png(),
                  Html.escape(mistake.answer()),
                  Html.number(mistake.confidence())));
    }
    return figures.append("</div>").toString();
  }
}
