package org.descry.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well a captioner does on a corpus.
 *
 * @param bleu1 {@link Bleu} with single words, 0 to 1
 * @param bleu2 with runs of up to two words
 * @param bleu3 with runs of up to three words
 * @param bleu4 with runs of up to four words
 * @param rougeL {@link RougeL}, 0 to 1
 * @param cider {@link Cider}, 0 to 10
 */
public record CaptionMetrics(
    double bleu1, double bleu2, double bleu3, double bleu4, double rougeL, double cider) {

  /**
   * Measures one candidate an image.
   *
   * @param candidates words of one sentence an image
   * @param references words of the true sentences of each image, at least one each
   * @throws IllegalArgumentException if there is no candidate or one without references
   */
  public static CaptionMetrics of(
      List<List<String>> candidates, List<List<List<String>>> references) {
    double[] bleu = Bleu.score(candidates, references);
    return new CaptionMetrics(
        bleu[0],
        bleu[1],
        bleu[2],
        bleu[3],
        RougeL.score(candidates, references),
        Cider.score(candidates, references));
  }

  /** By the names that people know. */
  public Map<String, Double> named() {
    Map<String, Double> named = new LinkedHashMap<>();
    named.put("BLEU-1", bleu1);
    named.put("BLEU-2", bleu2);
    named.put("BLEU-3", bleu3);
    named.put("BLEU-4", bleu4);
    named.put("ROUGE-L", rougeL);
    named.put("CIDEr", cider);
    return named;
  }

  /**
   * The perplexity exp(loss / tokens): how many words the model hesitates between.
   *
   * @param loss sum of -log p over all tokens, natural logarithm
   * @param tokens number of tokens, {@code <END>} included, {@code <NULL>} not; at least 1
   */
  public static double perplexity(double loss, long tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("Expected at least one token, got: " + tokens);
    }
    return Math.exp(loss / tokens);
  }
}
