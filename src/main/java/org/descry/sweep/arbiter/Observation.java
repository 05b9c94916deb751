package org.descry.sweep.arbiter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What a search learns of a candidate.
 *
 * @param number of the candidate; below 0 for one of an earlier sweep
 * @param settings of it
 * @param costs an objective each, the smaller the better; NaN for one that is not known
 * @param epochs after which they were measured
 */
record Observation(int number, Map<String, JsonNode> settings, double[] costs, int epochs) {
  /** Whether the first objective, which all others have, is unknown. */
  boolean failed() {
    return Double.isNaN(costs[0]);
  }
}
