package org.descry.kind;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.descry.UsageException;
import org.descry.report.Html;
import org.descry.report.ReportSection;

/**
 * A classifier's right and wrong answers, class by class.
 *
 * @param classes one entry a class
 * @param confusion examples by true class (row) and answer (column)
 */
public record ClassScores(List<ClassScore> classes, List<List<Integer>> confusion) {
  private static final int NAME_WIDTH = 16;

  /**
   * One class. A score whose divisor is 0 is 0.
   *
   * @param precision share of right answers among those that name the class
   * @param recall share of the class's examples that are found
   * @param f1 harmonic mean of the two
   * @param examples examples of the class
   */
  public record ClassScore(
      String label, double precision, double recall, double f1, int examples) {}

  /**
   * @param truth the true class of each example
   * @param answers the class that was answered
   */
  public static ClassScores of(int[] truth, int[] answers, List<String> labels) {
    int k = labels.size();
    int[][] counts = new int[k][k];
    for (int i = 0; i < truth.length; i++) {
      counts[truth[i]][answers[i]]++;
    }
    List<ClassScore> scores = new ArrayList<>();
    List<List<Integer>> confusion = new ArrayList<>();
    for (int c = 0; c < k; c++) {
      int there = 0;
      int answered = 0;
      List<Integer> row = new ArrayList<>();
      for (int other = 0; other < k; other++) {
        there += counts[c][other];
        answered += counts[other][c];
        row.add(counts[c][other]);
      }
      confusion.add(List.copyOf(row));
      int right = counts[c][c];
      scores.add(
          new ClassScore(
              labels.get(c),
              share(right, answered),
              share(right, there),
              share(2 * right, answered + there),
              there));
    }
    return new ClassScores(List.copyOf(scores), List.copyOf(confusion));
  }

  /** The class of the largest value, the first of equals. */
  public static int best(float[] values) {
    int best = 0;
    for (int k = 1; k < values.length; k++) {
      if (values[k] > values[best]) {
        best = k;
      }
    }
    return best;
  }

  /**
   * The classes of the largest values, the largest first.
   *
   * @throws UsageException if none are asked for
   */
  public static List<Integer> ranked(float[] values, int top) {
    if (top < 1) {
      throw new UsageException("%s answers are asked for; expected 1 or more.".formatted(top));
    }
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer k) -> values[k]).reversed())
        .limit(top)
        .toList();
  }

  /**
   * An answer as JSON has it.
   *
   * @param output what the values are: {@code probability} or {@code score}
   */
  public static Map<String, Object> told(String label, String output, float value) {
    Map<String, Object> told = new LinkedHashMap<>(); // the same text every time
    told.put("label", label);
    told.put(output, value);
    return told;
  }

  /** Share of right answers. */
  public static double accuracy(int[] truth, int[] answers) {
    long right = IntStream.range(0, truth.length).filter(i -> truth[i] == answers[i]).count();
    return (double) right / truth.length;
  }

  private static double share(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /**
   * Tables for a terminal.
   *
   * @param examples what they are called, such as {@code images}
   */
  public String text(String examples) {
    List<String> lines = new ArrayList<>();
    int width = Math.max(6, examples.length());
    lines.add(String.format("%-16s  precision  recall      F1  %s", "class", examples));
    for (ClassScore score : classes) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-16s  %9.4f  %6.4f  %6.4f  %" + (width + 2) + "d",
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

  /**
   * Tables for a report.
   *
   * @param examples what they are called, such as {@code Images}
   */
  public List<ReportSection> sections(String examples) {
    return List.of(
        new ReportSection("Classes", table(examples.toLowerCase(Locale.ROOT))),
        new ReportSection(
            "Confusion matrix",
            "<p>%s of the test part by true class (row) and answer (column).</p>\n"
                    .formatted(examples)
                + matrix()));
  }

  private String table(String examples) {
    StringBuilder rows =
        new StringBuilder(
            "<tr><th class='text'>class</th><th>precision</th><th>recall</th><th>F1</th><th>%s</th></tr>"
                .formatted(examples));
    for (ClassScore score : classes) {
      rows.append("<tr><th scope='row'>").append(Html.escape(score.label())).append("</th>");
      Html.cell(rows, Html.number(score.precision()));
      Html.cell(rows, Html.number(score.recall()));
      Html.cell(rows, Html.number(score.f1()));
      Html.cell(rows, Integer.toString(score.examples()));
      rows.append("</tr>");
    }
    return Html.table(rows.toString());
  }

  private String matrix() {
    StringBuilder rows = new StringBuilder("<tr><th></th>");
    classes.forEach(
        score -> rows.append("<th>").append(Html.escape(score.label())).append("</th>"));
    rows.append("</tr>");
    for (int truth = 0; truth < confusion.size(); truth++) {
      List<Integer> counts = confusion.get(truth);
      int total = Math.max(1, classes.get(truth).examples());
      rows.append("<tr><th scope='row'>")
          .append(Html.escape(classes.get(truth).label()))
          .append("</th>");
      for (int answer = 0; answer < counts.size(); answer++) {
        rows.append(
            "<td style='background: color-mix(in srgb, var(--%s-cell) %s%%, transparent)'>%s</td>"
                .formatted(
                    answer == truth ? "held" : "train",
                    Math.round(75 * Math.sqrt((double) counts.get(answer) / total)),
                    counts.get(answer)));
      }
      rows.append("</tr>");
    }
    return Html.table(rows.toString());
  }
}
