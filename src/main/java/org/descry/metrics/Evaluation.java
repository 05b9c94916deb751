package org.descry.metrics;

import java.util.Map;

/** What was measured of a model on a set: a record of numbers, which is also its JSON. */
public interface Evaluation {
  /** The figures that count, for a line of text. */
  String headline();

  /** Rows for the table at the top of a report, in their order: name to value. */
  Map<String, String> facts();

  /** All figures, in lines for a terminal; without a line end. */
  String text();

  /** What {@code summary.json} holds of them. */
  default Object summary() {
    return this;
  }
}
