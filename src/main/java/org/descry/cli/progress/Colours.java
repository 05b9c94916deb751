package org.descry.cli.progress;

/** When what is best stands out in colour. */
public enum Colours {
  /** On a terminal, unless {@code NO_COLOR} asks for none (https://no-color.org). */
  AUTO,
  ALWAYS,
  NEVER;

  boolean on() {
    return this == ALWAYS || this == AUTO && wanted(System.getenv("NO_COLOR"), Terminal.isThere());
  }

  /**
   * @param refused what {@code NO_COLOR} says; null where it says nothing
   */
  static boolean wanted(String refused, boolean terminal) {
    return terminal && (refused == null || refused.isEmpty());
  }
}
