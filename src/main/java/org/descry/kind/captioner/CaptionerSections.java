package org.descry.kind.captioner;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.descry.data.caption.CaptionSet;
import org.descry.data.caption.PixelInputs;
import org.descry.metrics.CaptionMetrics;
import org.descry.metrics.Cider;
import org.descry.report.Html;
import org.descry.report.ReportSection;

/**
 * A captioner's sentences about the test part: its metrics, best and worst captions.
 *
 * @param sentences of the test images, in their order, as words
 */
record CaptionerSections(
    CaptionerEvaluation results, CaptionScorer test, List<List<String>> sentences) {
  private static final int SHOWN = 12;

  List<ReportSection> sections() {
    double[] scores = Cider.scores(sentences, test.references());
    List<Integer> order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .toList();
    int shown = Math.min(SHOWN, (order.size() + 1) / 2); // none of them is in both lists
    return List.of(
        new ReportSection(
            "Captions of the test part",
            metrics()
                + "\n<p>Blind: the one caption that the decoder finds for the mean of training"
                + " images.</p>"),
        new ReportSection("Best by CIDEr", figures(order.subList(0, shown), scores)),
        new ReportSection(
            "Worst by CIDEr",
            figures(
                order.subList(order.size() - Math.min(shown, order.size() / 2), order.size()),
                scores)));
  }

  private String metrics() {
    return Html.table(
        "<tr><th></th><th>BLEU-1</th><th>BLEU-2</th><th>BLEU-3</th><th>BLEU-4</th>"
            + "<th>ROUGE-L</th><th>CIDEr</th></tr>"
            + row("as the job decodes", results.metrics())
            + row("greedy", results.greedy())
            + row("blind", results.blind()));
  }

  private static String row(String name, CaptionMetrics metrics) {
    StringBuilder row = new StringBuilder("<tr><th scope='row'>" + name + "</th>");
    Html.cell(row, Html.number(metrics.bleu1()));
    Html.cell(row, Html.number(metrics.bleu2()));
    Html.cell(row, Html.number(metrics.bleu3()));
    Html.cell(row, Html.number(metrics.bleu4()));
    Html.cell(row, Html.number(metrics.rougeL()));
    Html.cell(row, Html.number(metrics.cider()));
    return row.append("</tr>").toString();
  }

  private String figures(List<Integer> images, double[] scores) {
    return images.stream()
        .map(i -> figure(i, scores[i]))
        .collect(Collectors.joining("\n", "<div class='captions'>", "</div>"));
  }

  private String figure(int image, double score) {
    CaptionSet captions = test.captions();
    String drawn = "";
    if (captions.inputs() instanceof PixelInputs images) {
      long[] shape = images.shape();
      drawn =
          "<img alt='' src='data:image/png;base64,%s'>"
              .formatted(Html.png(images.pixels(image), (int) shape[1], (int) shape[2]));
    }
    String references =
        captions.texts(image).stream()
            .map(text -> "<li>" + Html.escape(text) + "</li>")
            .collect(Collectors.joining());
    return "<figure>%s<small>Answer</small><br><b>%s</b><br><small>References</small><ul>%s</ul><small>%s, CIDEr %s</small></figure>"
        .formatted(
            drawn,
            Html.escape(String.join(" ", sentences.get(image))),
            references,
            Html.escape(captions.name(image)),
            Html.number(score));
  }
}
