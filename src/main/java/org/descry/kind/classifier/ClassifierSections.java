package org.descry.kind.classifier;

import java.util.List;
import org.descry.data.image.ImageSet;
import org.descry.report.Html;
import org.descry.report.ReportSection;

/** A classifier's answers to the test part: scores per class, confusion matrix, worst mistakes. */
record ClassifierSections(ClassifierEvaluation scores, List<Mistake> mistakes) {

  /**
   * A wrong answer.
   *
   * @param png the image as base64
   */
  record Mistake(String png, String truth, String answer, float confidence) {
    static Mistake of(ImageSet images, Predictions predictions, int index) {
      List<String> names = images.labelNames();
      return new Mistake(
          Html.png(images.image(index), images.height(), images.width()),
          names.get(predictions.labels()[index]),
          names.get(predictions.answers()[index]),
          predictions.confidence()[index]);
    }
  }

  List<ReportSection> sections() {
    return List.of(
        new ReportSection("Classes", classes()),
        new ReportSection(
            "Confusion matrix",
            "<p>Images of the test part by true class (row) and answer (column).</p>\n"
                + confusion()),
        grid());
  }

  private String classes() {
    StringBuilder rows =
        new StringBuilder(
            "<tr><th class='text'>class</th><th>precision</th><th>recall</th><th>F1</th>"
                + "<th>images</th></tr>");
    for (ClassifierEvaluation.ClassScore score : scores.classes()) {
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
            "<td style='background: color-mix(in srgb, var(--%s) %s%%, transparent)'>%s</td>"
                .formatted(
                    answer == truth ? "held" : "train",
                    Math.round(70.0 * counts.get(answer) / total),
                    counts.get(answer)));
      }
      rows.append("</tr>");
    }
    return "<div class='scroll'>" + Html.table(rows.toString()) + "</div>";
  }

  private ReportSection grid() {
    if (mistakes.isEmpty()) {
      return new ReportSection("JobValidator", "<p>None on the test part.</p>");
    }
    StringBuilder figures = new StringBuilder("<div class='mistakes'>");
    for (Mistake mistake : mistakes) {
      figures.append(
          "<figure><img alt='%1$s' src='data:image/png;base64,%2$s'>%1$s<br>taken for %3$s<br>%4$s</figure>\n"
              .formatted(
                  Html.escape(mistake.truth()),
                  mistake.png(),
                  Html.escape(mistake.answer()),
                  Html.number(mistake.confidence())));
    }
    return new ReportSection("Most confident mistakes", figures.append("</div>").toString());
  }
}
