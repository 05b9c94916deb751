package org.descry.train;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Locale;
import org.descry.metrics.CaptionMetrics;

/**
 * How well a captioner does on a set.
 *
 * @param pictures how many there are
 * @param metrics of the captions that the job's decoding finds
 * @param loss mean over the true captions, summed over their words
 * @param perplexity exp of the mean loss a word, {@code <END>} included
 * @param trueCaptions share of captions that truly describe their scene; null where nobody knows
 * @param greedy metrics with the likeliest word each time
 * @param blind metrics of the one caption that the decoder finds for the mean picture: what a
 *     captioner reaches that sees nothing
 */
public record CaptionReport(
    int pictures,
    @JsonUnwrapped CaptionMetrics metrics,
    double loss,
    double perplexity,
    Double trueCaptions,
    CaptionMetrics greedy,
    CaptionMetrics blind)
    implements Results {
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
}
