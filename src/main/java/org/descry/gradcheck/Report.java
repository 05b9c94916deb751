package org.descry.gradcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the check of one subject found.
 *
 * @param subject its name
 * @param agrees whether everything does
 * @param rows one for each output and each gradient
 */
public record Report(String subject, boolean agrees, List<Row> rows) {
  /**
   * One array.
   *
   * @param name the output's, input's or parameter's
   * @param shape of the array
   * @param autodiff the explicit pass against autodiff; null where there is none
   * @param differences the explicit gradient against central differences; null for outputs, and
   *     where every point tried lies next to a kink
   * @param checked how many elements (or, in the fast mode, directions) were differenced
   * @param kinks how many of them lie next to a kink and were left out
   * @param agrees whether both comparisons do
   */
  public record Row(
      String name,
      List<Long> shape,
      Comparison autodiff,
      Comparison differences,
      int checked,
      int kinks,
      boolean agrees) {}

  static Report of(String subject, List<Row> rows) {
    return new Report(subject, rows.stream().allMatch(Row::agrees), List.copyOf(rows));
  }

  /** A sentence for each array that does not agree. */
  public List<String> disagreements() {
    return rows.stream()
        .filter(row -> !row.agrees)
        .map(row -> subject + ": " + row.name + sentence(row))
        .toList();
  }

  private static String sentence(Row row) {
    List<String> differences = new ArrayList<>();
    if (row.autodiff != null && !row.autodiff.agrees()) {
      differences.add(difference("autodiff", row.autodiff));
    }
    if (row.differences != null && !row.differences.agrees()) {
      differences.add(difference("central differences", row.differences));
    }
    return " differs from " + String.join("; from ", differences) + ".";
  }

  private static String difference(String other, Comparison worst) {
    return String.format(
        Locale.ROOT,
        "%s by %.1e%s: explicit %.9g, %s %.9g",
        other,
        worst.error(),
        worst.index().isEmpty() ? "" : " at " + worst.index(),
        worst.explicit(),
        other,
        worst.other());
  }
}
