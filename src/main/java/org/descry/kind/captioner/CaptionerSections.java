package org.descry.kind.captioner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.descry.data.caption.CaptionSet;
import org.descry.data.caption.PixelInputs;
import org.descry.generate.Captioner;
import org.descry.metrics.CaptionMetrics;
import org.descry.metrics.Cider;
import org.descry.report.Html;
import org.descry.report.ReportSection;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A captioner's sentences about the test part: its metrics, best and worst captions.
 *
 * @param sentences of the test images, in their order, as words
 * @param captioner that found them
 */
record CaptionerSections(
    CaptionerEvaluation results,
    CaptionScorer test,
    List<List<String>> sentences,
    Captioner captioner) {
  private static final int SHOWN = 12;
  private static final int LOOKED_AT = 6;

  List<ReportSection> sections() {
    double[] scores = Cider.scores(sentences, test.references());
    List<Integer> order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .toList();
    int shown = Math.min(SHOWN, (order.size() + 1) / 2); // none of them is in both lists
    List<ReportSection> sections = new ArrayList<>();
    sections.add(
        new ReportSection(
            "Captions of the test part",
            metrics()
                + "\n<p>Blind: the one caption that the decoder finds for the mean of training"
                + " images.</p>"));
    sections.add(new ReportSection("Best by CIDEr", figures(order.subList(0, shown), scores)));
    sections.add(
        new ReportSection(
            "Worst by CIDEr",
            figures(
                order.subList(order.size() - Math.min(shown, order.size() / 2), order.size()),
                scores)));
    String looks =
        order.subList(0, Math.min(LOOKED_AT, shown)).stream()
            .map(this::looks)
            .collect(Collectors.joining("\n"));
    if (!looks.isBlank()) {
      sections.add(
          new ReportSection(
              "Where it looked",
              "<p>Before each word, on the images that it describes best: the darker, the less a"
                  + " place counted.</p>\n"
                  + looks));
    }
    return sections;
  }

  /** A thumbnail a word; empty where there is no attention. */
  private String looks(int image) {
    CaptionSet captions = test.captions();
    List<String> sentence = sentences.get(image);
    if (!(captions.inputs() instanceof PixelInputs images)) {
      return "";
    }
    INDArray state = captioner.states(images.batch(image, image + 1));
    List<float[]> weights = captioner.attention(state, sentence);
    if (weights.isEmpty()) {
      return "";
    }
    long[] shape = images.shape();
    var map = new AttentionMap(images.pixels(image), (int) shape[1], (int) shape[2]);
    return IntStream.range(0, weights.size())
        .mapToObj(
            t ->
                "<figure><img alt='' src='data:image/png;base64,%s'>%s</figure>"
                    .formatted(map.png(weights.get(t)), Html.escape(sentence.get(t))))
        .collect(Collectors.joining("", "<div class='looks'>", "</div>"));
  }

  private String metrics() {
    return Html.table(
        "<tr><th></th><th>"
            + String.join("</th><th>", results.metrics().named().keySet())
            + "</th></tr>"
            + row("as the job decodes", results.metrics())
            + row("greedy", results.greedy())
            + row("blind", results.blind()));
  }

  private static String row(String name, CaptionMetrics metrics) {
    StringBuilder row = new StringBuilder("<tr><th scope='row'>" + name + "</th>");
    metrics.named().values().forEach(value -> Html.cell(row, Html.number(value)));
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
