package org.descry.cli;

import java.util.Locale;

/** How metrics and times are written. */
final class Wording {
  private Wording() {}

  static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** {@code validationAccuracy} as "validation accuracy". */
  static String words(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  /** Minutes and seconds. */
  static String time(long seconds) {
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
