package org.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricTest {
  @ParameterizedTest
  @CsvSource({
    "validationAccuracy, validation accuracy",
    "validationBleu4, validation BLEU-4",
    "Bleu4, BLEU-4",
    "validationCider, validation CIDEr",
    "rougeL, ROUGE-L",
    "trainLoss, train loss"
  })
  void namesAreWrittenAsPeopleWriteThem(String name, String words) {
    assertThat(Metric.words(name)).isEqualTo(words);
  }
}
