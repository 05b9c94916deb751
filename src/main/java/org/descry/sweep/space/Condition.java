package org.descry.sweep.space;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What a searched setting waits for: another one that has one of these values. A setting whose
 * conditions do not hold is absent from a candidate.
 *
 * @param key of the other setting, which is searched too
 * @param values of it
 */
public record Condition(String key, List<JsonNode> values) {
  public Condition {
    values = List.copyOf(values);
  }

  /** Whether it holds among the settings of a candidate; never where the other one is absent. */
  boolean holds(Map<String, JsonNode> settings) {
    JsonNode value = settings.get(key);
    return value != null && values.contains(value);
  }
}
