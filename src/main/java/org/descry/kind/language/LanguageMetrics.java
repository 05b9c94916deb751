package org.descry.kind.language;

import java.util.List;
import java.util.stream.Stream;
import org.descry.job.TextDataSettings;
import org.descry.metrics.Metric;

/** What a language model is measured by. */
final class LanguageMetrics {
  static final Metric VALIDATION_PERPLEXITY =
      Metric.cost("validationPerplexity", "perplexity of a token of the validation part");

  static final Metric VALIDATION_BITS =
      Metric.cost(
          "validationBitsPerCharacter", "loss of a character of the validation part in bits");

  private static final List<Metric> WORDS =
      List.of(
          VALIDATION_PERPLEXITY,
          Metric.cost("testLoss", "mean loss of a token of the test part in nats"),
          Metric.cost("perplexity", "perplexity of a token of the test part"));

  private static final List<Metric> CHARACTERS =
      Stream.concat(
              WORDS.stream(),
              Stream.of(
                  VALIDATION_BITS,
                  Metric.cost("bitsPerCharacter", "loss of a character of the test part in bits")))
          .toList();

  static List<Metric> of(TextDataSettings data) {
    return switch (data.unit()) {
      case WORD -> WORDS;
      case CHARACTER -> CHARACTERS;
    };
  }

  private LanguageMetrics() {}
}
