package org.descry.model;

import java.util.Locale;

/** Range checks of the models' settings. */
final class Settings {
  private Settings() {}

  static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "expected %s of at least 1, got %s".formatted(name, value));
    }
  }

  /** The sizes of a {@link Classifier}. */
  static void sizes(int channels, int height, int width, int classes) {
    atLeastOne("channels", channels);
    atLeastOne("height", height);
    atLeastOne("width", width);
    atLeastOne("classes", classes);
  }

  /** The width of a state: layers, or values of each, that DL4J still counts in an int. */
  static void stateWidth(long width) {
    if (width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected layers x states x hidden of at most %,d, got %,d",
              Integer.MAX_VALUE,
              width));
    }
  }

  static void atLeastZero(String name, double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException(
          "expected %s of at least 0, got %s".formatted(name, value));
    }
  }

  static void odd(String name, int value) {
    if (value < 1 || value % 2 == 0) {
      throw new IllegalArgumentException("expected %s to be odd, got %s".formatted(name, value));
    }
  }

  static void probability(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "expected %s of at least 0 and below 1, got %s".formatted(name, value));
    }
  }
}
