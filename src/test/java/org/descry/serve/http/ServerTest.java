package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.descry.generate.Decoding;
import org.descry.job.DecodingSettings;
import org.descry.kind.captioner.TrainedCaptioner;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
import org.descry.kind.language.TrainedLanguageModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server answers, in the protocol's words and in the practical ones. */
class ServerTest {
  private static final String PREDICT = "/v1/models/shapes-classifier/predict";
  private static final String CAPTION = "/v1/models/shapes-captioner/caption";
  private static final String GENERATE = "/v1/models/word-rnn/generate";

  @RegisterExtension static final Serving serving = Serving.models();

  @TempDir private Path folder;

  @Test
  void theServerAndItsModelsSayWhatTheyAre() {
    JsonNode server = Serving.json(serving.get("/v2"));
    assertThat(server.get("name").asText()).isEqualTo("descry");
    assertThat(server.at("/extensions/0").asText()).isEqualTo("binary_tensor_data");
    assertThat(Serving.json(serving.get("/v2/health/live")).get("live").asBoolean()).isTrue();
    assertThat(Serving.json(serving.get("/v2/health/ready")).get("ready").asBoolean()).isTrue();
    JsonNode model = Serving.json(serving.get("/v2/models/shapes-classifier/versions/1"));
    assertThat(model.get("name").asText()).isEqualTo("shapes-classifier");
    assertThat(model.get("versions").toString()).isEqualTo("[\"1\"]");
    assertThat(model.get("inputs").toString())
        .isEqualTo("[{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":[-1,3,32,32]}]");
    assertThat(model.get("outputs").toString())
        .isEqualTo("[{\"name\":\"probability\",\"datatype\":\"FP32\",\"shape\":[-1,10]}]");
    JsonNode known = Serving.json(serving.get("/v1/models/shapes-classifier"));
    assertThat(known.at("/provenance/job/model/type").asText()).isNotEmpty();
    assertThat(known.at("/labels")).hasSize(10);
    for (String name : List.of("shapes-classifier", "shapes-captioner", "word-rnn")) {
      assertThat(Serving.json(serving.get("/v1/models/" + name)).get("selfTest").asText())
          .startsWith("its self-test passed");
    }
  }

  @Test
  void predictionsAreThoseOfPredict() throws IOException {
    TrainedClassifier model = TrainedClassifier.load(Serving.CLASSIFIER);
    for (int seed = 1; seed <= 20; seed++) {
      byte[] image = Serving.disc(20 + 3 * seed, seed);
      Path file = Files.write(folder.resolve(seed + ".png"), image);
      List<Answer> expected = model.classify(List.of(file), 10).get(0);
      JsonNode predictions = serving.image(PREDICT + "?top=10", image).get("predictions");
      assertThat(predictions).hasSize(10);
      for (int i = 0; i < 10; i++) {
        assertThat(predictions.at("/%s/label".formatted(i)).asText())
            .isEqualTo(expected.get(i).label());
        assertThat((float) predictions.at("/%s/probability".formatted(i)).asDouble())
            .isCloseTo(expected.get(i).value(), within(1e-5f));
      }
    }
  }

  @Test
  void captionsAreThoseOfCaption() throws IOException {
    TrainedCaptioner model = TrainedCaptioner.load(Serving.CAPTIONER);
    DecodingSettings usual = model.decoding();
    for (int seed = 1; seed <= 5; seed++) {
      byte[] image = Serving.disc(64, seed);
      List<Path> file = List.of(Files.write(folder.resolve("image.png"), image));
      Map<String, Decoding> ways =
          Map.of(
              "",
              Decoding.beam(usual.maxLength(), usual.beam(), usual.lengthNormalization()),
              "?beam=1",
              Decoding.beam(usual.maxLength(), 1, usual.lengthNormalization()),
              "?sample=true&seed=7&temperature=1.5&topK=4",
              Decoding.sample(usual.maxLength(), 1.5, 4, 7));
      ways.forEach(
          (options, way) ->
              assertThat(serving.image(CAPTION + options, image).get("caption").asText())
                  .isEqualTo(model.caption(file, way).get(0)));
    }
  }

  @Test
  void textsAreThoseOfSampleAndComePieceByPiece() {
    TrainedLanguageModel model = TrainedLanguageModel.load(Serving.LANGUAGE);
    String prompt = model.manifest().text().tokens().get(3);
    String drawn = model.sample(prompt, 12, 2, 5);
    Map<String, Object> asked = Map.of("prompt", prompt, "length", 12, "temperature", 2, "seed", 5);
    JsonNode answer = Serving.json(serving.postJson(GENERATE, asked));
    assertThat(answer.get("text").asText()).isEqualTo(drawn);
    String greedy = model.greedy(prompt, 12);
    byte[] text = prompt.getBytes(StandardCharsets.UTF_8);
    HttpResponse<byte[]> plain =
        serving.post(GENERATE + "?greedy=true&length=12", "text/plain", text);
    assertThat(Serving.json(plain).get("text").asText()).isEqualTo(greedy);

    HttpResponse<byte[]> events =
        serving.send(
            serving
                .to(GENERATE + "?greedy=true&length=12")
                .header("Content-Type", "text/plain")
                .header("Accept", "text/event-stream")
                .POST(BodyPublishers.ofByteArray(text)));
    StringBuilder heard = new StringBuilder(prompt);
    String last = null;
    for (String event : Serving.text(events).split("\n\n")) {
      String[] lines = event.split("\n");
      JsonNode data =
          Serving.json(lines[1].substring("data: ".length()).getBytes(StandardCharsets.UTF_8));
      last = lines[0];
      if (last.equals("event: token")) {
        heard.append(data.get("text").asText());
      } else {
        assertThat(data.get("text").asText()).isEqualTo(greedy);
      }
    }
    assertThat(last).isEqualTo("event: done");
    assertThat(heard.toString()).isEqualTo(greedy);
  }

  @Test
  void severalImagesGetAnAnswerEach() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < 3; i++) {
      body.writeBytes(
          "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"%s.png\"\r\n\r\n"
              .formatted(i)
              .getBytes(StandardCharsets.UTF_8));
      body.writeBytes(Serving.disc(32, i));
      body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    body.writeBytes(
        "--x\r\nContent-Disposition: form-data; name=\"top\"\r\n\r\n2\r\n--x--\r\n"
            .getBytes(StandardCharsets.UTF_8));
    JsonNode results =
        Serving.json(serving.post(PREDICT, "multipart/form-data; boundary=x", body.toByteArray()))
            .get("results");
    assertThat(results).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(results.get(i).get("image").asText()).isEqualTo(i + ".png");
      JsonNode alone = serving.image(PREDICT + "?top=2", Serving.disc(32, i)).get("predictions");
      JsonNode together = results.get(i).get("predictions");
      assertThat(together).hasSize(2);
      assertThat(together.at("/0/label")).isEqualTo(alone.at("/0/label"));
      assertThat(together.at("/0/probability").asDouble())
          .isCloseTo(alone.at("/0/probability").asDouble(), within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | /v1/models/shapes-classifier/predict | image/png | no image",
        "400 | /v1/models/shapes-classifier/predict?top=0 | image/png | no image",
        "400 | /v1/models/shapes-classifier/predict?tip=1 | image/png | no image",
        "404 | /v1/models/shapes-classifier/caption | image/png | no image",
        "404 | /v1/models/nothing/predict | image/png | no image",
        "404 | /v1/models/shapes-classifier/versions/2/predict | image/png | no image",
        "404 | /v1/nothing | image/png | no image",
        "405 | /v2/health/live | image/png | no image",
        "415 | /v1/models/shapes-classifier/predict | text/html | no image",
        "400 | /v1/models/word-rnn/generate | text/plain | unheard-of",
        "400 | /v1/models/word-rnn/generate | application/json | {\"prompt\": 3}",
        "400 | /v1/models/word-rnn/generate | application/json | []",
        "400 | /v1/models/word-rnn/generate | application/json | null",
        "415 | /v2/models/shapes-classifier/infer | image/png | {}",
        "400 | /v2/models/shapes-classifier/infer | application/json | {}",
        "400 | /v2/models/shapes-classifier/infer | application/json | {\"inputs\": [",
        "400 | /v2/models/shapes-classifier/infer | application/json | {\"inputs\": [{}]}",
        "400 | /v2/models/shapes-classifier/infer | application/json | {\"inputs\": []} {}",
        "400 | /v2/models/shapes-classifier/infer | application/json | {\"inputs\": [{\"name\":"
            + " \"image\", \"datatype\": \"FP32\", \"shape\": [1, 3], \"data\": [1, 2, 3]}]}",
        "400 | /v2/models/shapes-classifier/infer | application/json | {\"inputs\": [{\"name\":"
            + " \"image\", \"datatype\": \"FP32\", \"shape\": [3], \"data\": [1, 2]}]}",
        "400 | /v2/models/shapes-classifier/infer | application/json | {\"inputs\": [{\"name\":"
            + " \"image\", \"datatype\": \"FP99\", \"shape\": [3], \"data\": [1, 2, 3]}]}",
        "400 | /v2/models/shapes-classifier/infer | application/json | {\"inputs\": [{\"name\":"
            + " \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"a\"]}]}",
        "400 | /v2/models/shapes-classifier/infer | application/json | {\"inputs\": [{\"name\":"
            + " \"image\", \"datatype\": \"FP32\", \"shape\": [1], \"data\": [[1, \"a\"]]}]}",
      })
  void whatCannotBeAnsweredIsRefusedWithItsCode(int status, String path, String type, String body) {
    HttpResponse<byte[]> response = serving.post(path, type, body.getBytes(StandardCharsets.UTF_8));
    assertThat(response.statusCode()).as(Serving.text(response)).isEqualTo(status);
    assertThat(Serving.json(response).get("error").asText()).contains("expected", ".");
    assertThat(response.headers().firstValue("X-Request-Id")).isPresent();
  }

  @Test
  void sizeAndTimeAreLimited() {
    HttpResponse<byte[]> large = serving.post(PREDICT, "image/png", new byte[(1 << 20) + 1]);
    assertThat(large.statusCode()).isEqualTo(413);
    HttpResponse<byte[]> many =
        serving.postJson(
            "/v2/models/word-rnn/infer",
            Serving.infer("prompt", "BYTES", List.of(2000), Collections.nCopies(2000, "Hello")));
    assertThat(many.statusCode()).isIn(400, 413);
    HttpResponse<byte[]> late =
        serving.send(
            serving
                .to(CAPTION + "?beam=32")
                .header("Content-Type", "image/png")
                .header("Inference-Timeout", "1")
                .POST(BodyPublishers.ofByteArray(Serving.disc(64, 1))));
    assertThat(late.statusCode()).isEqualTo(504);
  }

  @Test
  void whatIsServedIsCounted() {
    serving.image(PREDICT, Serving.disc(32, 1));
    String metrics = Serving.text(serving.get("/metrics"));
    assertThat(metrics)
        .contains(
            "descry_requests_seconds_count{endpoint=\"predict\",model=\"shapes-classifier\",status=\"200\",version=\"1\"}",
            "descry_batch_size_count{model=\"shapes-classifier\",version=\"1\"}",
            "descry_queue_length{model=\"word-rnn\",version=\"1\"}",
            "descry_decoding_seconds_count",
            "descry_inference_seconds_count",
            "descry_process_bytes");
  }
}
