package org.descry.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.descry.data.caption.Vocabulary;

/**
 * The beginnings of one sentence that are still in the race, and those that have ended.
 *
 * <p>Candidates of one beginning are ranked by their scores, of which the log-probabilities are
 * computed in double precision, so that a beam of width 1 chooses exactly as the greedy decoder
 * does.
 */
final class Beam {
  /** A word and what stands before it, nothing before the first. */
  private record Hypothesis(
      Hypothesis before, int word, int length, double logProbability, int parent) {
    Hypothesis with(int next, double logP, int from) {
      return new Hypothesis(this, next, length + 1, logProbability + logP, from);
    }

    int[] words() {
      int[] words = new int[length];
      for (Hypothesis at = this; at.before != null; at = at.before) {
        words[at.length - 1] = at.word;
      }
      return words;
    }
  }

  private final BeamSearch search;
  private final int width;
  private final List<Hypothesis> ended = new ArrayList<>();
  private List<Hypothesis> open = new ArrayList<>();

  /**
   * @param width as of the search, or fewer
   */
  Beam(BeamSearch search, int width) {
    this.search = search;
    this.width = width;
    open.add(new Hypothesis(null, Vocabulary.START, 0, 0, 0));
  }

  /** Whether as many sentences have ended as the beam is wide. */
  boolean done() {
    return ended.size() >= width || open.isEmpty();
  }

  /**
   * Lengthens every open beginning by a word and keeps the best.
   *
   * @param scores the scores V of the next words, by the number of the beginning; read at once
   */
  void advance(IntFunction<double[]> scores) {
    List<Hypothesis> candidates = new ArrayList<>();
    for (int i = 0; i < open.size(); i++) {
      double[] row = scores.apply(i);
      double logSum = logSumExp(row);
      banRepetitions(open.get(i), row);
      for (int word : largest(row, width)) {
        candidates.add(open.get(i).with(word, row[word] - logSum, i));
      }
    }
    candidates.sort(Comparator.comparingDouble(Hypothesis::logProbability).reversed());
    open = new ArrayList<>();
    for (Hypothesis candidate :
        candidates.subList(0, Math.min(candidates.size(), width - ended.size()))) {
      if (candidate.word == Vocabulary.END) {
        ended.add(candidate);
      } else {
        open.add(candidate);
      }
    }
  }

  /** Words that would complete so many that have been said in a row cannot be chosen. */
  private void banRepetitions(Hypothesis beginning, double[] row) {
    int before = search.unique() - 1;
    if (before < 0 || beginning.length < before) {
      return;
    }
    int[] said = beginning.words();
    int last = said.length - before;
    for (int from = 0; from < last; from++) {
      if (Arrays.equals(said, from, from + before, said, last, said.length)) {
        row[said[from + before]] = Double.NEGATIVE_INFINITY;
      }
    }
  }

  private static double logSumExp(double[] row) {
    double max = Arrays.stream(row).max().orElseThrow();
    double sum = 0;
    for (double score : row) {
      sum += Math.exp(score - max);
    }
    return max + Math.log(sum);
  }

  /** The words with the largest scores, the first of equals before the others. */
  private static int[] largest(double[] row, int count) {
    int[] best = new int[count];
    int found = 0;
    for (int word = 0; word < row.length; word++) {
      if (found == count && row[word] <= row[best[count - 1]]) {
        continue;
      }
      int at = found < count ? found++ : count - 1;
      while (at > 0 && row[best[at - 1]] < row[word]) {
        best[at] = best[at - 1];
        at--;
      }
      best[at] = word;
    }
    return Arrays.copyOf(best, found);
  }

  /**
   * Writes the open beginnings' last words and the rows they come from; rows without one repeat the
   * first.
   */
  void write(int[] words, int[] parents, int offset) {
    for (int i = 0; i < width; i++) {
      Hypothesis hypothesis = i < open.size() ? open.get(i) : null;
      words[offset + i] = hypothesis == null ? Vocabulary.END : hypothesis.word;
      parents[offset + i] = offset + (hypothesis == null ? 0 : hypothesis.parent);
    }
  }

  /** The best sentence, without its end. */
  int[] best() {
    List<Hypothesis> all = new ArrayList<>(ended);
    all.addAll(open);
    Hypothesis best = all.stream().max(Comparator.comparingDouble(this::normalised)).orElseThrow();
    return (best.word == Vocabulary.END ? best.before : best).words();
  }

  private double normalised(Hypothesis hypothesis) {
    int length = Math.max(1, hypothesis.length);
    return (hypothesis.logProbability + search.bonus() * length) / Math.pow(length, search.alpha());
  }
}
