package org.descry.serve.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.descry.io.Json;
import org.descry.kind.service.Tensor;

/** Writes the answers to requests for inference. */
final class InferWriter {
  private InferWriter() {}

  /**
   * What goes back.
   *
   * @param json bytes of the body that are JSON; all of them where no tensor is binary
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Response(byte[] body, int json) {}

  static Response write(String model, String version, InferRequest request, List<Tensor> outputs) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<byte[]> binary = new ArrayList<>();
    try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(body)) {
      json.writeStartObject();
      json.writeStringField("model_name", model);
      json.writeStringField("model_version", version);
      if (request.id() != null) {
        json.writeStringField("id", request.id());
      }
      json.writeArrayFieldStart("outputs");
      for (Tensor output : outputs) {
        Boolean wanted = request.outputs().get(output.name());
        boolean asBinary = wanted == null ? request.binary() : wanted;
        write(json, output, asBinary ? bytes(output) : null, binary);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int length = body.size();
    binary.forEach(body::writeBytes);
    return new Response(body.toByteArray(), length);
  }

  private static void write(JsonGenerator json, Tensor output, byte[] bytes, List<byte[]> binary)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", output.name());
    json.writeStringField("datatype", output.datatype());
    json.writeFieldName("shape");
    json.writeArray(output.shape(), 0, output.shape().length);
    if (bytes != null) {
      json.writeObjectFieldStart("parameters");
      json.writeNumberField("binary_data_size", bytes.length);
      json.writeEndObject();
      binary.add(bytes);
    } else {
      json.writeArrayFieldStart("data");
      if (output.texts() != null) {
        for (String text : output.texts()) {
          json.writeString(text);
        }
      } else {
        for (float number : output.numbers()) {
          json.writeNumber(number);
        }
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static byte[] bytes(Tensor output) {
    if (output.texts() != null) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (String text : output.texts()) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        all.writeBytes(little(4).putInt(encoded.length).array());
        all.writeBytes(encoded);
      }
      return all.toByteArray();
    }
    ByteBuffer all = little(output.numbers().length * Float.BYTES);
    all.asFloatBuffer().put(output.numbers());
    return all.array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
