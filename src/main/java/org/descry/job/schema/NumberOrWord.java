package org.descry.job.schema;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A setting that is a whole number, or a word that leaves the number to the program.
 *
 * @param number null for the word
 * @param word null for a number
 */
public record NumberOrWord(Integer number, String word) {
  @JsonCreator
  static NumberOrWord of(JsonNode value) {
    return value.isInt()
        ? new NumberOrWord(value.intValue(), null)
        : new NumberOrWord(null, value.asText());
  }

  /** As it is written in a file. */
  @JsonValue
  Object written() {
    return number == null ? word : number;
  }
}
