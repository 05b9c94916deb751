package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.descry.data.image.ImageLoader;
import org.descry.io.Json;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.language.TrainedLanguageModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server answers in the inference protocol. */
class InferenceTest {
  private static final String PREDICT = "/v1/models/shapes-classifier/predict";
  private static final String INFER = "/v2/models/shapes-classifier/infer";
  private static final int PIXELS = 3 * 32 * 32;

  @RegisterExtension static final Serving serving = Serving.models();

  /** The pixels of an image, channels first. */
  private static float[] pixels(byte[] image) {
    byte[] decoded = new ImageLoader(32, 32, 3).decode("it", image).pixels();
    float[] pixels = new float[PIXELS];
    for (int p = 0; p < PIXELS; p++) {
      pixels[p % 3 * 1024 + p / 3] = decoded[p] & 0xff;
    }
    return pixels;
  }

  private static List<Float> list(float[] values) {
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  @Test
  void tensorsOfPixelsGetTheAnswersOfImages() {
    byte[] image = Serving.disc(32, 3);
    TrainedClassifier model = TrainedClassifier.load(Serving.CLASSIFIER);
    JsonNode expected = serving.image(PREDICT + "?top=10", image).get("predictions");
    List<Float> flat = list(pixels(image));
    List<Object> nested = new ArrayList<>();
    for (int channel = 0; channel < 3; channel++) {
      List<Object> rows = new ArrayList<>();
      for (int y = 0; y < 32; y++) {
        int from = channel * 1024 + y * 32;
        rows.add(flat.subList(from, from + 32));
      }
      nested.add(rows);
    }
    for (Object data : List.of(flat, List.of(nested))) {
      HttpResponse<byte[]> response =
          serving.postJson(INFER, Serving.infer("image", "FP32", List.of(1, 3, 32, 32), data));
      assertThat(response.statusCode()).isEqualTo(200);
      JsonNode output = Serving.json(response).at("/outputs/0");
      assertThat(output.get("shape").toString()).isEqualTo("[1,10]");
      for (JsonNode each : expected) {
        int index = model.manifest().labels().indexOf(each.get("label").asText());
        assertThat(output.get("data").get(index).asDouble())
            .isCloseTo(each.get("probability").asDouble(), within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FP32", "UINT8", "INT32", "FP64"})
  void tensorsGoBothWaysInBinary(String datatype) {
    float[] pixels = pixels(Serving.disc(32, 4));
    JsonNode plain =
        Serving.json(
            serving.postJson(
                INFER, Serving.infer("image", "FP32", List.of(1, 3, 32, 32), list(pixels))));
    ByteBuffer data = ByteBuffer.allocate(8 * PIXELS).order(ByteOrder.LITTLE_ENDIAN);
    for (float pixel : pixels) {
      switch (datatype) {
        case "FP32" -> data.putFloat(pixel);
        case "FP64" -> data.putDouble(pixel);
        case "INT32" -> data.putInt((int) pixel);
        default -> data.put((byte) (int) pixel);
      }
    }
    byte[] json =
        Json.line(
                Map.of(
                    "id",
                    "a-7",
                    "parameters",
                    Map.of("binary_data_output", true),
                    "inputs",
                    List.of(Serving.following(datatype, data.position()))))
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json);
    body.write(data.array(), 0, data.position());
    HttpResponse<byte[]> response =
        serving.send(
            serving
                .to(INFER)
                .header("Content-Type", "application/octet-stream")
                .header("Inference-Header-Content-Length", Integer.toString(json.length))
                .POST(BodyPublishers.ofByteArray(body.toByteArray())));
    assertThat(response.statusCode()).isEqualTo(200);
    int length =
        Integer.parseInt(
            response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
    JsonNode answer = Serving.json(java.util.Arrays.copyOf(response.body(), length));
    assertThat(answer.get("id").asText()).isEqualTo("a-7");
    assertThat(answer.at("/outputs/0/parameters/binary_data_size").asInt()).isEqualTo(40);
    ByteBuffer values = ByteBuffer.wrap(response.body(), length, 40).order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode value : plain.at("/outputs/0/data")) {
      assertThat(values.getFloat()).isCloseTo((float) value.asDouble(), within(1e-6f));
    }
  }

  @Test
  void textsGoThroughTheProtocolToo() {
    TrainedLanguageModel model = TrainedLanguageModel.load(Serving.LANGUAGE);
    String prompt = model.manifest().text().tokens().get(3);
    Map<String, Object> request =
        Map.of(
            "parameters",
            Map.of("greedy", true, "length", 6),
            "inputs",
            List.of(
                Map.of(
                    "name",
                    "prompt",
                    "datatype",
                    "BYTES",
                    "shape",
                    List.of(2),
                    "data",
                    List.of(prompt, prompt))));
    JsonNode output =
        Serving.json(serving.postJson("/v2/models/word-rnn/infer", request)).at("/outputs/0");
    assertThat(output.get("datatype").asText()).isEqualTo("BYTES");
    assertThat(output.get("data").get(0).asText()).isEqualTo(model.greedy(prompt, 6));
    assertThat(output.get("data").get(1).asText()).isEqualTo(model.greedy(prompt, 6));
  }
}
