package org.descry.train;

import java.util.Locale;

/**
 * @param testLoss mean loss of a token of the test part, in nats, without the L2 penalty
 * @param perplexity e to the power of the loss
 * @param bitsPerCharacter the loss in bits; null where tokens are words
 */
public record LanguageResults(double testLoss, double perplexity, Double bitsPerCharacter)
    implements Results {
  private static final double NATS_PER_BIT = Math.log(2);

  static LanguageResults of(double loss, boolean characters) {
    return new LanguageResults(loss, Math.exp(loss), characters ? loss / NATS_PER_BIT : null);
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
}
