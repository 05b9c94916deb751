package org.descry.data.caption;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * Streams the objects of one array that is a field of a file's top-level object, so that a file of
 * any size is read in the memory of one object.
 */
final class JsonArrayReader implements Closeable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

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

  /** Returns the next object, null after the last. */
  JsonNode next() throws IOException {
    if (parser.nextToken() == JsonToken.END_ARRAY) {
      return null;
    }
    count++;
    JsonNode node = parser.readValueAsTree();
    if (node == null || !node.isObject()) {
      throw new DataException(location() + ": expected a JSON object, got: " + node);
    }
    return node;
  }

  /**
   * Returns the field {@code name} of {@code node}.
   *
   * @throws DescryException if there is none
   */
  JsonNode required(JsonNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw new DataException(location() + ": expected a field \"" + name + "\", found none");
    }
    return value;
  }

  /** Where the last object stands: {@code file, images[3]}. */
  String location() {
    return file + ", " + field + "[" + (count - 1) + "]";
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
