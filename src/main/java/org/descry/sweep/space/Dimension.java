package org.descry.sweep.space;

/**
 * A setting that a sweep searches.
 *
 * @param key its path in the job file, such as {@code training.optimizer.learningRate}
 * @param kind of its values
 */
public record Dimension(String key, Kind kind) {
  /** How the values of a setting lie. */
  public enum Kind {
    UNIFORM,
    LOG_UNIFORM,
    NORMAL,
    INTEGER,
    LOG_INTEGER,
    CHOICE,
    /** A choice whose neighbours are alike. */
    ORDERED
  }
}
