package org.descry.cli.progress;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How metrics and times are written. */
public final class Wording {
  private Wording() {}

  public static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** A positive number of any magnitude, to three digits. */
  static String rate(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.toPlainString() : rounded.toString().replace('E', 'e');
  }

  /** Minutes and seconds. */
  public static String time(long seconds) {
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
