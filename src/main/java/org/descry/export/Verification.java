package org.descry.export;

import java.util.List;
import java.util.Locale;
import org.descry.DescryException;

/**
 * How an export compares with its original on a fixed batch.
 *
 * @param values the number of outputs compared
 * @param largestDifference between two of them; where an output's largest value is above 1, as a
 *     share of it
 * @param how it was compared: the beginning of the sentence that {@link #toString} gives
 */
public record Verification(long values, double largestDifference, String how) {
  /**
   * @throws DescryException if a value differs by more than {@link OutputPair#TOLERANCE}; it says
   *     which
   */
  static Verification of(List<OutputPair> answers, String how) {
    return new Verification(
        answers.stream().mapToLong(OutputPair::values).sum(),
        answers.stream().mapToDouble(OutputPair::check).max().orElse(0),
        how);
  }

  @Override
  public String toString() {
    String outputs = String.format(Locale.ROOT, "%s %,d outputs for a fixed batch ", how, values);
    return largestDifference == 0
        ? outputs + "equal the original's"
        : String.format(
            Locale.ROOT,
            "%sdiffer from the original's by at most %.1e",
            outputs,
            largestDifference);
  }
}
