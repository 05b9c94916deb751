package org.descry.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * CIDEr-D: Vedantam, Zitnick and Parikh, "CIDEr: Consensus-based Image Description Evaluation",
 * CVPR 2015, section 7.
 *
 * <p>For n = 1 to 4 a sentence is the vector g over its n-grams of count * log(I / max(1, df)), df
 * being the number of images with a reference that holds the n-gram and I the number of images. A
 * candidate c with m references s scores
 *
 * <pre>
 * CIDEr-D_n = 10/m * sum over s of exp(-(l(c) - l(s))^2 / (2 * 6^2))
 *             * (min(g(c), g(s)) . g(s)) / (|g(c)| |g(s)|)
 * </pre>
 *
 * and CIDEr-D is the mean over n. l is the length in words. An n-gram that every image has weighs
 * nothing, so a corpus of one image scores 0.
 */
public final class Cider {
  private static final int MAX_ORDER = 4;
  private static final double SIGMA = 6;
  private static final double SCALE = 10;

  private final List<Map<List<String>, Integer>> frequencies = new ArrayList<>();
  private final double logImages;

  private Cider(List<List<List<String>>> references) {
    logImages = Math.log(references.size());
    for (int n = 1; n <= MAX_ORDER; n++) {
      Map<List<String>, Integer> frequency = new HashMap<>();
      for (List<List<String>> ofImage : references) {
        Set<List<String>> grams = new HashSet<>();
        for (List<String> reference : ofImage) {
          grams.addAll(NGrams.count(reference, n).keySet());
        }
        grams.forEach(gram -> frequency.merge(gram, 1, Integer::sum));
      }
      frequencies.add(frequency);
    }
  }

  /** Mean over the corpus, from 0 to 10; the arguments are those of {@link Bleu#score}. */
  static double score(List<List<String>> candidates, List<List<List<String>>> references) {
    return Arrays.stream(scores(candidates, references)).average().orElseThrow();
  }

  /** Score of each candidate, from 0 to 10. */
  public static double[] scores(
      List<List<String>> candidates, List<List<List<String>>> references) {
    Corpus.check(candidates, references);
    Cider cider = new Cider(references);
    double[] scores = new double[candidates.size()];
    Arrays.setAll(scores, i -> cider.sentence(candidates.get(i), references.get(i)));
    return scores;
  }

  private double sentence(List<String> candidate, List<List<String>> references) {
    double sum = 0;
    for (int n = 1; n <= MAX_ORDER; n++) {
      Map<List<String>, Double> said = vector(candidate, n);
      double saidNorm = norm(said);
      for (List<String> reference : references) {
        Map<List<String>, Double> meant = vector(reference, n);
        double norms = saidNorm * norm(meant);
        if (norms > 0) {
          double gap = candidate.size() - reference.size();
          sum += Math.exp(-gap * gap / (2 * SIGMA * SIGMA)) * clippedProduct(said, meant) / norms;
        }
      }
    }
    return SCALE * sum / (MAX_ORDER * references.size());
  }

  private Map<List<String>, Double> vector(List<String> sentence, int n) {
    Map<List<String>, Integer> frequency = frequencies.get(n - 1);
    Map<List<String>, Double> vector = new HashMap<>();
    NGrams.count(sentence, n)
        .forEach(
            (gram, count) -> {
              double inverse = logImages - Math.log(frequency.getOrDefault(gram, 1));
              vector.put(gram, count * inverse);
            });
    return vector;
  }

  private static double norm(Map<List<String>, Double> vector) {
    return Math.sqrt(vector.values().stream().mapToDouble(v -> v * v).sum());
  }

  private static double clippedProduct(
      Map<List<String>, Double> said, Map<List<String>, Double> meant) {
    double sum = 0;
    for (Map.Entry<List<String>, Double> gram : said.entrySet()) {
      double weight = meant.getOrDefault(gram.getKey(), 0.0);
      sum += Math.min(gram.getValue(), weight) * weight;
    }
    return sum;
  }
}
