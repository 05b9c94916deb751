package org.descry.serve.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.descry.UsageException;
import org.descry.io.Json;
import org.descry.kind.service.Tensor;
import org.descry.kind.service.TensorType;

/**
 * Reads requests for inference: JSON, and behind it the tensors that are said to be binary. The
 * numbers of {@code data} are read as they come, without a tree of objects.
 */
final class InferReader {
  private static final String BINARY_SIZE = "binary_data_size";
  private static final int MOST_DIMENSIONS = 16;

  private final byte[] body;
  private int binaryFrom;

  /** An input as it is said. */
  private static final class Input {
    private String name;
    private String datatype;
    private long[] shape;
    private TensorValues values;
    private Map<String, Object> parameters = Map.of();
  }

  private InferReader(byte[] body, int binaryFrom) {
    this.body = body;
    this.binaryFrom = binaryFrom;
  }

  /**
   * @param jsonLength bytes of the body that are JSON
   * @throws UsageException if it is no such request
   */
  static InferRequest read(byte[] body, int jsonLength) {
    try (JsonParser json = Json.MAPPER.getFactory().createParser(body, 0, jsonLength)) {
      json.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      return new InferReader(body, jsonLength).read(json);
    } catch (JsonProcessingException e) {
      throw new UsageException(
          "The request is no JSON (%s); expected that of the Open Inference Protocol."
              .formatted(Json.reason(e)),
          e);
    } catch (IOException e) {
      throw new UsageException( // not UTF-32, which it looked like
          "The request cannot be read; expected JSON of the Open Inference Protocol.", e);
    }
  }

  private InferRequest read(JsonParser json) throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT, "The request", "a JSON object");
    String id = null;
    Map<String, Object> parameters = Map.of();
    List<Input> inputs = new ArrayList<>();
    Map<String, Boolean> outputs = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "id" -> id = text(json, "id");
        case "parameters" -> parameters = map(json);
        case "inputs" -> inputs = inputs(json);
        case "outputs" -> outputs = outputs(json);
        default -> json.skipChildren();
      }
    }
    require(json.nextToken() == null, "The request", "nothing behind its JSON object");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Input input : inputs) {
      Tensor tensor = tensor(input);
      require(tensors.put(input.name, tensor) == null, "Input " + input.name, "one of its name");
    }
    require(binaryFrom == body.length, "The request", "as many bytes as its tensors name");
    return new InferRequest(
        id, parameters, tensors, outputs, flag(parameters.get("binary_data_output")));
  }

  private static List<Input> inputs(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "inputs", "an array");
    List<Input> inputs = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(json.currentToken() == JsonToken.START_OBJECT, "inputs", "objects");
      Input input = new Input();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "name" -> input.name = text(json, "name");
          case "datatype" -> input.datatype = text(json, "datatype");
          case "shape" -> input.shape = shape(json);
          case "parameters" -> input.parameters = map(json);
          case "data" -> {
            require(json.currentToken() == JsonToken.START_ARRAY, "data", "an array");
            input.values = TensorValues.read(json);
          }
          default -> json.skipChildren();
        }
      }
      inputs.add(input);
    }
    return inputs;
  }

  private static Map<String, Boolean> outputs(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "outputs", "an array");
    Map<String, Boolean> outputs = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Map<String, Object> output = map(json);
      require(output.get("name") instanceof String, "An output", "a name");
      Object binary =
          output.get("parameters") instanceof Map<?, ?> given ? given.get("binary_data") : null;
      outputs.put((String) output.get("name"), binary == null ? null : flag(binary));
    }
    return outputs;
  }

  private Tensor tensor(Input input) {
    require(input.name != null, "An input", "a name");
    String what = "Input " + input.name;
    boolean known =
        TensorType.TEXT.equals(input.datatype)
            || (input.datatype != null && TensorValues.WIDTHS.containsKey(input.datatype));
    require(known, what + " (datatype)", "BYTES or one of " + TensorValues.WIDTHS.keySet());
    require(input.shape != null, what, "a shape");
    Object size = input.parameters.get(BINARY_SIZE);
    if (size != null) {
      require(input.values == null, what, "data or " + BINARY_SIZE + ", not both");
      boolean possible =
          size instanceof Integer length && length >= 0 && length <= body.length - binaryFrom;
      require(possible, what + " (" + BINARY_SIZE + ")", "no more bytes than there are");
      input.values =
          TensorValues.read(input.name, input.datatype, body, binaryFrom, (Integer) size);
      binaryFrom += (Integer) size;
    }
    require(input.values != null, what, "data");
    long expected = Arrays.stream(input.shape).reduce(1, InferReader::product);
    if (expected != input.values.size()) {
      throw new UsageException(
          "%s has %s values; expected the %s of its shape %s."
              .formatted(what, input.values.size(), expected, Arrays.toString(input.shape)));
    }
    boolean text = input.datatype.equals(TensorType.TEXT);
    require(
        input.values.size() == 0 || text == (input.values.texts() != null),
        what,
        "values of " + input.datatype);
    return new Tensor(
        input.name,
        input.datatype,
        input.shape,
        text ? null : input.values.numbers(),
        text && input.values.size() == 0 ? List.of() : input.values.texts());
  }

  private static long product(long a, long b) {
    return b != 0 && a > Integer.MAX_VALUE / b ? Integer.MAX_VALUE : a * b;
  }

  private static long[] shape(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "shape", "an array");
    long[] shape = new long[MOST_DIMENSIONS];
    int rank = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      boolean fits =
          rank < MOST_DIMENSIONS
              && json.currentToken() == JsonToken.VALUE_NUMBER_INT
              && json.getLongValue() >= 0
              && json.getLongValue() <= Integer.MAX_VALUE;
      require(fits, "shape", "at most " + MOST_DIMENSIONS + " whole numbers from 0");
      shape[rank++] = json.getLongValue();
    }
    require(rank > 0, "shape", "a dimension or more");
    return Arrays.copyOf(shape, rank);
  }

  private static String text(JsonParser json, String field) throws IOException {
    require(json.currentToken() == JsonToken.VALUE_STRING, field, "a text");
    return json.getText();
  }

  private static Map<String, Object> map(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.START_OBJECT, "parameters", "an object");
    Map<String, Object> map = new LinkedHashMap<>();
    Json.MAPPER.readerFor(Map.class).<Map<String, Object>>readValue(json).forEach(map::put);
    return map;
  }

  private static boolean flag(Object value) {
    return Boolean.TRUE.equals(value);
  }

  private static void require(boolean holds, String what, String expected) {
    if (!holds) {
      throw new UsageException("%s is not as expected: expected %s.".formatted(what, expected));
    }
  }
}
