package org.descry.data.caption.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.data.BadRecordException;

/**
 * Streams the objects of one array that is a field of a file's top-level object, so that a file of
 * any size is read in the memory of one object.
 */
final class JsonArrayReader implements Closeable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double EXACT = 1L << 53; // whole numbers below are exact in a double

  private final Path file;
  private final String field;
  private final JsonParser parser;
  private int count;

  /** Opens {@code file} and moves to the array {@code field}. */
  JsonArrayReader(Path file, String field) throws IOException {
    this.file = file;
    this.field = field;
    this.parser = MAPPER.createParser(file.toFile());
    try {
      find();
    } catch (IOException | RuntimeException e) {
      parser.close();
      throw e;
    }
  }

  private void find() throws IOException {
    if (parser.nextToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = parser.currentName().equals(field);
        if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
          return;
        }
        parser.skipChildren();
      }
    }
    throw new DataException(
        file + ": expected a JSON object with an array \"" + field + "\", found none");
  }

  /**
   * Returns the next object, null after the last.
   *
   * @throws BadRecordException if it is something else
   */
  JsonNode next() throws IOException {
    if (parser.nextToken() == JsonToken.END_ARRAY) {
      return null;
    }
    count++;
    JsonNode node = parser.readValueAsTree();
    if (node == null || !node.isObject()) {
      throw bad("expected a JSON object, got: " + node);
    }
    return node;
  }

  /**
   * Returns the field {@code name} of {@code node}.
   *
   * @throws BadRecordException if there is none
   */
  JsonNode required(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw bad("expected a field \"" + name + "\", found none");
    }
    return value;
  }

  /**
   * Returns the field {@code name}, a text or a number, as text.
   *
   * @throws BadRecordException if it is neither
   */
  String text(JsonNode node, String name) {
    JsonNode value = required(node, name);
    if (!value.isTextual() && !value.isNumber()) {
      throw bad("expected text as \"" + name + "\", got: " + value);
    }
    return value.asText();
  }

  /**
   * Returns the field {@code name} as the key of a dictionary: a String, or a whole number, whose
   * value alone decides what it equals.
   *
   * @throws BadRecordException if it is neither
   */
  Object id(JsonNode node, String name) {
    JsonNode value = required(node, name);
    if (value.isTextual()) {
      return value.textValue();
    }
    if (value.isIntegralNumber()) {
      return value.bigIntegerValue();
    }
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (Math.rint(number) != number || Math.abs(number) >= EXACT) {
      throw bad("expected a whole number or text as \"" + name + "\", got: " + value);
    }
    return BigDecimal.valueOf(number).toBigInteger();
  }

  private BadRecordException bad(String reason) {
    return location().bad(reason);
  }

  /** Where the last object stands: {@code file, images[3]}. */
  Location location() {
    return Location.element(file, field + "[" + (count - 1) + "]");
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
