package org.descry.kind.classifier;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.metrics.Evaluation;
import org.descry.report.Html;

/**
 * How well a classifier does on a set.
 *
 * @param examples the number of images
 * @param accuracy share of right answers
 * @param top5 share of images whose class is among the five that are found most probable
 * @param loss mean loss, without the L2 penalty
 * @param classes one entry a class
 * @param confusion images by true class (row) and answer (column)
 */
public record ClassifierEvaluation(
    int examples,
    double accuracy,
    double top5,
    double loss,
    List<ClassScore> classes,
    List<List<Integer>> confusion)
    implements Evaluation {
  private static final int NAME_WIDTH = 16;

  /**
   * One class. A score whose divisor is 0 is 0.
   *
   * @param precision share of right answers among those that name the class
   * @param recall share of the class's images that are found
   * @param f1 harmonic mean of the two
   * @param examples images of the class
   */
  public record ClassScore(
      String label, double precision, double recall, double f1, int examples) {}

  static ClassifierEvaluation of(Predictions predictions, List<String> labels) {
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
    return new ClassifierEvaluation(
        predictions.labels().length,
        predictions.accuracy(),
        predictions.topAccuracy(),
        predictions.loss(),
        List.copyOf(scores),
        List.copyOf(confusion));
  }

  private static double share(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  @Override
  public String headline() {
    return String.format(Locale.ROOT, "accuracy %.2f%%, loss %.4f", 100 * accuracy, loss);
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Test accuracy", Html.percent(accuracy));
    if (classes.size() > Predictions.TOP) {
      facts.put("Test accuracy of the best five", Html.percent(top5));
    }
    facts.put("Test loss", Html.number(loss));
    return facts;
  }

  @Override
  public Object summary() {
    return new ClassifierResults(accuracy, loss);
  }

  @Override
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "%,d images: %s", examples, headline()));
    if (classes.size() > Predictions.TOP) {
      lines.add(String.format(Locale.ROOT, "right class among the best five: %.2f%%", 100 * top5));
    }
    lines.add("");
    lines.add(String.format("%-16s  precision  recall      F1  images", "class"));
    for (ClassScore score : classes) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-16s  %9.4f  %6.4f  %6.4f  %8d",
              shortened(score.label()),
              score.precision(),
              score.recall(),
              score.f1(),
              score.examples()));
    }
    lines.add("");
    lines.add("confusion (rows: true class, columns: answer, in the order above)");
    for (int truth = 0; truth < confusion.size(); truth++) {
      StringBuilder row =
          new StringBuilder(String.format("%-16s ", shortened(classes.get(truth).label())));
      confusion.get(truth).forEach(count -> row.append(String.format(Locale.ROOT, " %5d", count)));
      lines.add(row.toString());
    }
    return String.join("\n", lines);
  }

  private static String shortened(String name) {
    return name.length() <= NAME_WIDTH ? name : name.substring(0, NAME_WIDTH - 1) + "~";
  }
}
