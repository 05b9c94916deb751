package org.descry.sweep.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.descry.job.JobFile;

/**
 * The values of a candidate.
 *
 * @param settings by name, in the order that they were declared in
 */
public record Values(Map<String, JsonNode> settings) {
  public Values {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /**
   * A number.
   *
   * @throws NoSuchElementException if there is no such name
   */
  public double number(String name) {
    return value(name).doubleValue();
  }

  /**
   * A whole number.
   *
   * @throws NoSuchElementException if there is no such name
   */
  public int whole(String name) {
    return value(name).intValue();
  }

  /**
   * A text, or whatever else as text.
   *
   * @throws NoSuchElementException if there is no such name
   */
  public String text(String name) {
    return value(name).asText();
  }

  /** A job with these values, whose names are paths of its keys. */
  public JobFile in(JobFile job) {
    JobFile changed = job;
    for (Map.Entry<String, JsonNode> setting : settings.entrySet()) {
      changed = changed.choose(setting.getKey(), setting.getValue(), "the search");
    }
    return changed;
  }

  private JsonNode value(String name) {
    JsonNode value = settings.get(name);
    if (value == null) {
      throw new NoSuchElementException("no value %s in %s".formatted(name, settings.keySet()));
    }
    return value;
  }
}
