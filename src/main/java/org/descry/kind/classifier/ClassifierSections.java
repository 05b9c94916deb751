package org.descry.kind.classifier;

import java.util.ArrayList;
import java.util.List;
import org.descry.data.image.ImageSet;
import org.descry.report.Html;
import org.descry.report.ReportSection;

/** A classifier's answers to the test part: scores per class, confusion matrix, worst mistakes. */
record ClassifierSections(
    ClassifierEvaluation scores, List<Mistake> mistakes, Reliability reliability) {

  /**
   * A wrong answer.
   *
   * @param png the image as base64
   * @param name what the image is called
   */
  record Mistake(String png, String name, String truth, String answer, float confidence) {
    static Mistake of(ImageSet images, Predictions predictions, int index) {
      List<String> names = images.labelNames();
      return new Mistake(
          Html.png(images.image(index), images.height(), images.width()),
          images.name(index),
          names.get(predictions.labels()[index]),
          names.get(predictions.answers()[index]),
          predictions.confidence()[index]);
    }
  }

  List<ReportSection> sections() {
    List<ReportSection> sections = new ArrayList<>(scores.scores().sections("Images"));
    if (reliability != null) {
      sections.add(reliability.section());
    }
    sections.add(grid());
    return sections;
  }

  private ReportSection grid() {
    if (mistakes.isEmpty()) {
      return new ReportSection("Mistakes", "<p>None on the test part.</p>");
    }
    StringBuilder figures =
        new StringBuilder(
            "<p>Below each image: its class; the answer and its %s; the image's file, or its number in the test part.</p>\n<div class='mistakes'>"
                .formatted(reliability == null ? "score" : "probability"));
    for (Mistake mistake : mistakes) {
      figures.append(
          "<figure><img alt='%1$s' src='data:image/png;base64,%2$s'>%1$s<br>taken for %3$s<br>%4$s<br>%5$s</figure>\n"
              .formatted(
                  Html.escape(mistake.truth()),
                  mistake.png(),
                  Html.escape(mistake.answer()),
                  Html.number(mistake.confidence()),
                  Html.escape(mistake.name())));
    }
    return new ReportSection("Most confident mistakes", figures.append("</div>").toString());
  }
}
