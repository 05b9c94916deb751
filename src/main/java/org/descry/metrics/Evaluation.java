package org.descry.metrics;

import java.util.Map;

/** What was measured of a model on a set: a record of numbers, which is also its JSON. */
public interface Evaluation {
  /** The figures that count, for a line of text. */
  String headline();

  /** How good the model is, by name, in their order, for the top of a report and for a card. */
  Map<String, Double> measures();

  /** All figures, in lines for a terminal; without a line end. */
  String text();

  /** What {@code summary.json} holds of them. */
  default Object summary() {
    return this;
  }
}
