package org.descry.metrics;

import java.util.List;

/** The check that all corpus metrics make of their arguments. */
final class Corpus {
  private Corpus() {}

  /**
   * @throws IllegalArgumentException unless there is at least one candidate and each has at least
   *     one reference
   */
  static void check(List<List<String>> candidates, List<List<List<String>>> references) {
    if (candidates.isEmpty() || candidates.size() != references.size()) {
      throw new IllegalArgumentException(
          "Expected the references of each of at least one candidate, got: %s candidates, %s lists of references"
              .formatted(candidates.size(), references.size()));
    }
    for (int i = 0; i < references.size(); i++) {
      if (references.get(i).isEmpty()) {
        throw new IllegalArgumentException("Candidate " + i + " has no reference");
      }
    }
  }
}
