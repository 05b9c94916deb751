package org.descry.serve.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.descry.UsageException;
import org.descry.kind.service.TensorType;

/** The values of a tensor as they come in: numbers or texts, in row-major order. */
final class TensorValues {
  /** Bytes of a value in binary; texts have a length of their own. */
  static final Map<String, Integer> WIDTHS =
      Map.ofEntries(
          Map.entry("FP32", 4),
          Map.entry("FP64", 8),
          Map.entry("UINT8", 1),
          Map.entry("INT8", 1),
          Map.entry("UINT16", 2),
          Map.entry("INT16", 2),
          Map.entry("UINT32", 4),
          Map.entry("INT32", 4),
          Map.entry("INT64", 8));

  private float[] numbers = new float[64];
  private int count;
  private final List<String> texts = new ArrayList<>();

  /** How many there are, of the two kinds together. */
  int size() {
    return count + texts.size();
  }

  /** Null where there are texts. */
  float[] numbers() {
    return texts.isEmpty() ? Arrays.copyOf(numbers, count) : null;
  }

  /** Null where there are numbers. */
  List<String> texts() {
    return count == 0 && !texts.isEmpty() ? List.copyOf(texts) : null;
  }

  private void add(float number) {
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    numbers[count++] = number;
  }

  /**
   * Reads an array, nested or flat; the parser is at its beginning.
   *
   * @throws UsageException if there is something else than numbers or texts in it, or both
   */
  static TensorValues read(JsonParser json) throws IOException {
    TensorValues values = new TensorValues();
    int depth = 0;
    for (JsonToken token = json.currentToken(); ; token = json.nextToken()) {
      switch (token) {
        case START_ARRAY -> depth++;
        case END_ARRAY -> depth--;
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> values.add(json.getFloatValue());
        case VALUE_STRING -> values.texts.add(json.getText());
        default ->
            throw new UsageException(
                "data holds %s; expected numbers or texts.".formatted(json.getText()));
      }
      if (depth == 0) {
        break;
      }
    }
    if (values.count > 0 && !values.texts.isEmpty()) {
      throw new UsageException("data holds numbers and texts; expected one of them.");
    }
    return values;
  }

  /**
   * Reads values in binary, little-endian.
   *
   * @throws UsageException if the bytes are no whole values
   */
  static TensorValues read(String name, String datatype, byte[] body, int from, int length) {
    TensorValues values = new TensorValues();
    ByteBuffer bytes = ByteBuffer.wrap(body, from, length).order(ByteOrder.LITTLE_ENDIAN);
    if (datatype.equals(TensorType.TEXT)) {
      while (bytes.hasRemaining()) {
        int size = bytes.remaining() < 4 ? -1 : bytes.getInt();
        if (size < 0 || size > bytes.remaining()) {
          throw broken(name, datatype, length);
        }
        byte[] text = new byte[size];
        bytes.get(text);
        values.texts.add(new String(text, StandardCharsets.UTF_8));
      }
      return values;
    }
    int width = WIDTHS.get(datatype);
    if (length % width != 0) {
      throw broken(name, datatype, length);
    }
    values.numbers = new float[length / width];
    while (bytes.hasRemaining()) {
      values.add(next(datatype, bytes));
    }
    return values;
  }

  private static float next(String datatype, ByteBuffer bytes) {
    return switch (datatype) {
      case "FP32" -> bytes.getFloat();
      case "FP64" -> (float) bytes.getDouble();
      case "UINT8" -> bytes.get() & 0xff;
      case "INT8" -> bytes.get();
      case "UINT16" -> bytes.getShort() & 0xffff;
      case "INT16" -> bytes.getShort();
      case "UINT32" -> bytes.getInt() & 0xffffffffL;
      case "INT32" -> bytes.getInt();
      default -> bytes.getLong();
    };
  }

  private static UsageException broken(String name, String datatype, int length) {
    return new UsageException(
        "Input %s has %s bytes in binary; expected whole values of %s."
            .formatted(name, length, datatype));
  }
}
