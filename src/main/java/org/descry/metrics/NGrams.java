package org.descry.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts of the runs of n words in a sentence. */
final class NGrams {
  private NGrams() {}

  static Map<List<String>, Integer> count(List<String> sentence, int n) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (int i = 0; i + n <= sentence.size(); i++) {
      counts.merge(sentence.subList(i, i + n), 1, Integer::sum);
    }
    return counts;
  }
}
