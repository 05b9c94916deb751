package org.descry.data;

import java.util.Locale;

/** A part of the data. */
public enum Part {
  TRAIN,
  VALIDATION,
  TEST;

  /** The part that a word means as people write it, in any case; null if it means none. */
  public static Part ofWord(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "train", "training" -> TRAIN;
      case "val", "valid", "validation", "dev" -> VALIDATION;
      case "test" -> TEST;
      default -> null;
    };
  }

  /** The part's own name: {@code train}, {@code validation} or {@code test}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
