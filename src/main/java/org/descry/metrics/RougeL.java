package org.descry.metrics;

import java.util.List;

/**
 * ROUGE-L: Lin, "ROUGE: a Package for Automatic Evaluation of Summaries", ACL workshop 2004.
 *
 * <p>F = (1 + b^2) P R / (R + b^2 P), where P = LCS / length of the candidate and R = LCS / length
 * of the reference, LCS being the length of the longest common subsequence of words. As in the COCO
 * caption evaluation b = 1.2 and, of several references, the greatest P and the greatest R count,
 * not necessarily of the same one. The score of a corpus is the mean over its sentences.
 */
final class RougeL {
  private static final double BETA = 1.2;

  private RougeL() {}

  /** Mean over the corpus, from 0 to 1; the arguments are those of {@link Bleu#score}. */
  static double score(List<List<String>> candidates, List<List<List<String>>> references) {
    Corpus.check(candidates, references);
    double sum = 0;
    for (int i = 0; i < candidates.size(); i++) {
      sum += sentence(candidates.get(i), references.get(i));
    }
    return sum / candidates.size();
  }

  /** Score of one sentence against its references, from 0 to 1. */
  static double sentence(List<String> candidate, List<List<String>> references) {
    double precision = 0;
    double recall = 0;
    for (List<String> reference : references) {
      double common = longestCommonSubsequence(candidate, reference);
      if (common > 0) {
        precision = Math.max(precision, common / candidate.size());
        recall = Math.max(recall, common / reference.size());
      }
    }
    if (precision == 0) {
      return 0;
    }
    return (1 + BETA * BETA) * precision * recall / (recall + BETA * BETA * precision);
  }

  static int longestCommonSubsequence(List<String> a, List<String> b) {
    int[] lengths = new int[b.size() + 1];
    for (String word : a) {
      int diagonal = 0;
      for (int j = 1; j <= b.size(); j++) {
        int above = lengths[j];
        lengths[j] = word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, lengths[j - 1]);
        diagonal = above;
      }
    }
    return lengths[b.size()];
  }
}
