package org.descry.kind.captioner;

import java.util.List;
import org.descry.metrics.Metric;

/** What a captioner is measured by. */
final class CaptionerMetrics {
  static final Metric VALIDATION_BLEU4 =
      Metric.gain("validationBleu4", "BLEU-4 of greedy captions of the validation part");

  static final Metric VALIDATION_CIDER =
      Metric.gain("validationCider", "CIDEr-D of greedy captions of the validation part");

  static final Metric VALIDATION_PERPLEXITY =
      Metric.cost("validationPerplexity", "perplexity of a word of the validation part");

  static final List<Metric> ALL =
      List.of(
          VALIDATION_BLEU4,
          VALIDATION_CIDER,
          VALIDATION_PERPLEXITY,
          Metric.gain("bleu1", "BLEU-1 of the test part's captions"),
          Metric.gain("bleu2", "BLEU-2 of the test part's captions"),
          Metric.gain("bleu3", "BLEU-3 of the test part's captions"),
          Metric.gain("bleu4", "BLEU-4 of the test part's captions"),
          Metric.gain("rougeL", "ROUGE-L of the test part's captions"),
          Metric.gain("cider", "CIDEr-D of the test part's captions"),
          Metric.cost("loss", "mean loss of a caption of the test part"),
          Metric.cost("perplexity", "perplexity of a word of the test part"));

  private CaptionerMetrics() {}
}
