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
 */
record Verification(long values, double largestDifference) {
  /**
   * @throws DescryException if a value differs by more than {@link OutputPair#TOLERANCE}; it says
   *     which
   */
  static Verification of(List<OutputPair> answers) {
    return new Verification(
        answers.stream().mapToLong(OutputPair::values).sum(),
        answers.stream().mapToDouble(OutputPair::check).max().orElse(0));
  }

  @Override
  public String toString() {
    String outputs =
        String.format(Locale.ROOT, "Read back, its %,d outputs for a fixed batch ", values);
    return largestDifference == 0
        ? outputs + "equal the original's"
        : String.format(
            Locale.ROOT,
            "%sdiffer from the original's by at most %.1e",
            outputs,
            largestDifference);
  }
}
