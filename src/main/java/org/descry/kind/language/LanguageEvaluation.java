package org.descry.kind.language;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.descry.metrics.Evaluation;

/**
 * @param testLoss mean loss of a token of the test part, in nats, without the L2 penalty
 * @param perplexity e to the power of the loss
 * @param bitsPerCharacter the loss in bits; null where tokens are words
 */
record LanguageEvaluation(double testLoss, double perplexity, Double bitsPerCharacter)
    implements Evaluation {
  private static final double NATS_PER_BIT = Math.log(2);

  static LanguageEvaluation of(double loss, boolean characters) {
    return new LanguageEvaluation(loss, Math.exp(loss), characters ? loss / NATS_PER_BIT : null);
  }

  @Override
  public String headline() {
    return bitsPerCharacter == null
        ? String.format(Locale.ROOT, "loss %.4f, perplexity %.2f", testLoss, perplexity)
        : String.format(
            Locale.ROOT,
            "loss %.4f, perplexity %.2f, %.3f bits per character",
            testLoss,
            perplexity,
            bitsPerCharacter);
  }

  @Override
  public Map<String, Double> measures() {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("Test loss", testLoss);
    measures.put("Test perplexity", perplexity);
    if (bitsPerCharacter != null) {
      measures.put("Test bits per character", bitsPerCharacter);
    }
    return measures;
  }

  @Override
  public String text() {
    return headline();
  }
}
