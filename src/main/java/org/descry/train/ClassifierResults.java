package org.descry.train;

import java.util.Locale;

/**
 * @param testAccuracy share of right answers on the test part
 * @param testLoss mean loss there, without the L2 penalty
 */
public record ClassifierResults(double testAccuracy, double testLoss) implements Results {
  @Override
  public String headline() {
    return String.format(Locale.ROOT, "accuracy %.2f%%, loss %.4f", 100 * testAccuracy, testLoss);
  }
}
