package org.descry.train;

import java.util.ArrayList;
import java.util.List;

/**
 * How well a classifier does on a set.
 *
 * @param examples the number of pictures
 * @param accuracy share of right answers
 * @param loss mean loss, without the L2 penalty
 * @param classes one entry a class
 * @param confusion pictures by true class (row) and answer (column)
 */
public record ClassificationReport(
    int examples,
    double accuracy,
    double loss,
    List<ClassScore> classes,
    List<List<Integer>> confusion) {

  /**
   * One class. A score whose divisor is 0 is 0.
   *
   * @param precision share of right answers among those that name the class
   * @param recall share of the class's pictures that are found
   * @param f1 harmonic mean of the two
   * @param examples pictures of the class
   */
  public record ClassScore(
      String label, double precision, double recall, double f1, int examples) {}

  static ClassificationReport of(Predictions predictions, List<String> labels) {
    int k = labels.size();
    int[][] counts = new int[k][k];
    for (int i = 0; i < predictions.labels().length; i++) {
      counts[predictions.labels()[i]][predictions.answers()[i]]++;
    }
    List<ClassScore> scores = new ArrayList<>();
    List<List<Integer>> confusion = new ArrayList<>();
    for (int c = 0; c < k; c++) {
      int truth = 0;
      int answered = 0;
      List<Integer> row = new ArrayList<>();
      for (int other = 0; other < k; other++) {
        truth += counts[c][other];
        answered += counts[other][c];
        row.add(counts[c][other]);
      }
      confusion.add(List.copyOf(row));
      int right = counts[c][c];
      scores.add(
          new ClassScore(
              labels.get(c),
              share(right, answered),
              share(right, truth),
              share(2 * right, answered + truth),
              truth));
    }
    return new ClassificationReport(
        predictions.labels().length,
        predictions.accuracy(),
        predictions.loss(),
        List.copyOf(scores),
        List.copyOf(confusion));
  }

  private static double share(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
