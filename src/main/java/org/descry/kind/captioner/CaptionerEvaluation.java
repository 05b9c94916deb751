package org.descry.kind.captioner;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.descry.metrics.CaptionMetrics;
import org.descry.metrics.Evaluation;

/**
 * How well a captioner does on a set.
 *
 * @param images how many there are
 * @param metrics of the captions that the job's decoding finds
 * @param loss mean over the true captions, summed over their words
 * @param perplexity exp of the mean loss a word, {@code <END>} included
 * @param trueCaptions share of captions that truly describe their scene; null where nobody knows
 * @param greedy metrics with the likeliest word each time
 * @param blind metrics of the one caption that the decoder finds for the mean image: what a
 *     captioner reaches that sees nothing
 */
public record CaptionerEvaluation(
    int images,
    @JsonUnwrapped CaptionMetrics metrics,
    double loss,
    double perplexity,
    Double trueCaptions,
    CaptionMetrics greedy,
    CaptionMetrics blind)
    implements Evaluation {
  /** Characters of the first column. */
  private static final int NAME = 16;

  @Override
  public String headline() {
    String truth =
        trueCaptions == null
            ? ""
            : String.format(Locale.ROOT, "true captions %.2f%%, ", 100 * trueCaptions);
    return String.format(
        Locale.ROOT,
        "%sBLEU-4 %.4f (blind %.4f), CIDEr %.4f (blind %.4f), perplexity %.3f",
        truth,
        metrics.bleu4(),
        blind.bleu4(),
        metrics.cider(),
        blind.cider(),
        perplexity);
  }

  @Override
  public Map<String, Double> measures() {
    Map<String, Double> measures = new LinkedHashMap<>();
    if (trueCaptions != null) {
      measures.put("True captions", trueCaptions);
    }
    metrics.named().forEach((name, value) -> measures.put("Test " + name, value));
    measures.put("Test perplexity", perplexity);
    return measures;
  }

  @Override
  public String text() {
    String truth =
        trueCaptions == null
            ? ""
            : String.format(Locale.ROOT, ", true captions %.2f%%", 100 * trueCaptions);
    return String.join(
        "\n",
        String.format(
            Locale.ROOT,
            "%,d images: loss %.4f, perplexity %.4f%s",
            images,
            loss,
            perplexity,
            truth),
        "",
        metrics.named().keySet().stream()
            .map(title -> String.format("%9s", title))
            .collect(Collectors.joining("", " ".repeat(NAME), "")),
        line("as the job says", metrics),
        line("greedy", greedy),
        line("blind", blind));
  }

  private static String line(String name, CaptionMetrics metrics) {
    return metrics.named().values().stream()
        .map(value -> String.format(Locale.ROOT, "%9.4f", value))
        .collect(Collectors.joining("", String.format("%-" + NAME + "s", name), ""));
  }
}
