package org.descry.metrics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU of a corpus: Papineni, Roukos, Ward and Zhu, "BLEU: a Method for Automatic Evaluation of
 * Machine Translation", ACL 2002.
 *
 * <p>BLEU-n = BP * exp(1/n * sum over k = 1..n of log p_k). p_k is the number of k-grams of all
 * candidates that a reference holds, each counted at most as often as the reference that holds it
 * most often, divided by the number of k-grams of all candidates. BP = 1 if c &gt; r, else exp(1 -
 * r/c), where c is the length of all candidates and r that of the references closest in length, the
 * shorter of two equally close.
 *
 * <p>Nothing is smoothed: an order without a match makes BLEU-n zero.
 */
final class Bleu {
  /** The longest run of words that is looked at. */
  static final int MAX_ORDER = 4;

  private Bleu() {}

  /**
   * BLEU-1 to BLEU-4, each from 0 to 1.
   *
   * @param candidates words of one sentence an image
   * @param references words of the true sentences of each image, at least one each
   */
  static double[] score(List<List<String>> candidates, List<List<List<String>>> references) {
    Corpus.check(candidates, references);
    long candidateLength = 0;
    long referenceLength = 0;
    for (int i = 0; i < candidates.size(); i++) {
      candidateLength += candidates.get(i).size();
      referenceLength += closest(candidates.get(i).size(), references.get(i));
    }
    double[] bleu = new double[MAX_ORDER];
    if (candidateLength == 0) {
      return bleu;
    }
    double brevity = Math.min(1, Math.exp(1 - (double) referenceLength / candidateLength));
    double logSum = 0;
    for (int n = 1; n <= MAX_ORDER; n++) {
      logSum += Math.log(precision(candidates, references, n));
      bleu[n - 1] = brevity * Math.exp(logSum / n);
    }
    return bleu;
  }

  private static int closest(int length, List<List<String>> references) {
    int closest = references.get(0).size();
    for (List<String> reference : references) {
      int gap = Math.abs(reference.size() - length);
      int best = Math.abs(closest - length);
      if (gap < best || (gap == best && reference.size() < closest)) {
        closest = reference.size();
      }
    }
    return closest;
  }

  /** The clipped precision p_n; 0 if no candidate has n words. */
  static double precision(
      List<List<String>> candidates, List<List<List<String>>> references, int n) {
    long matches = 0;
    long total = 0;
    for (int i = 0; i < candidates.size(); i++) {
      Map<List<String>, Integer> most = new HashMap<>();
      for (List<String> reference : references.get(i)) {
        NGrams.count(reference, n).forEach((gram, count) -> most.merge(gram, count, Math::max));
      }
      for (Map.Entry<List<String>, Integer> gram : NGrams.count(candidates.get(i), n).entrySet()) {
        matches += Math.min(gram.getValue(), most.getOrDefault(gram.getKey(), 0));
        total += gram.getValue();
      }
    }
    return total == 0 ? 0 : (double) matches / total;
  }
}
