package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.archive.ModelArchive;
import org.descry.archive.Zips;
import org.descry.io.Json;
import org.descry.kind.classifier.TrainedClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Models come, change and go while clients ask. */
class LifecycleTest {
  private static final String PREDICT = "/v1/models/it/predict?top=10";
  private static final int CLIENTS = 4;

  @TempDir private Path folder;

  /** A classifier of other answers. */
  private static byte[] changed() throws IOException {
    ModelArchive model = ModelArchive.read(Serving.CLASSIFIER);
    model.network().params().muli(0.5);
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    model.writeForUse(zip);
    return zip.toByteArray();
  }

  /** Puts a version into place as the page says: by a rename. */
  private void put(String version, byte[] zip) throws IOException {
    Path dir = Files.createDirectories(folder.resolve("it").resolve(version));
    Path part = Files.write(dir.resolve("part"), zip);
    Files.move(part, dir.resolve("model.zip"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The same with another first answer in its self-test. */
  private static byte[] forged(byte[] zip) {
    return Zips.edited(
        zip,
        "descry/selftest.json",
        text -> {
          ObjectNode test = (ObjectNode) Serving.json(text.getBytes(StandardCharsets.UTF_8));
          ObjectNode output = (ObjectNode) test.at("/outputs/0");
          byte[] values = Base64.getDecoder().decode(output.get("data").asText());
          ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).putFloat(9);
          output.put("data", Base64.getEncoder().encodeToString(values));
          return Json.line(test);
        });
  }

  private static JsonNode state(Serving serving, String version) {
    for (JsonNode model : Serving.json(serving.get("/v1/models")).get("models")) {
      for (JsonNode one : model.get("versions")) {
        if (one.get("version").asText().equals(version)) {
          return one;
        }
      }
    }
    return Json.MAPPER.createObjectNode();
  }

  private static void await(Serving serving, String version, String state) {
    while (!state(serving, version).path("state").asText().equals(state)) {
      Serving.pause();
    }
  }

  @Test
  void newVersionsTakeOverUnderLoadAndBadOnesDoNot() throws Exception {
    put("1", Files.readAllBytes(Serving.CLASSIFIER));
    Path second = Files.write(folder.resolve("second"), changed());
    byte[] image = Serving.disc(40, 5);
    Path file = Files.write(folder.resolve("image.png"), image);
    Map<String, List<TrainedClassifier.Answer>> expected =
        Map.of(
            "1", TrainedClassifier.load(Serving.CLASSIFIER).classify(List.of(file), 10).get(0),
            "2", TrainedClassifier.load(second).classify(List.of(file), 10).get(0));
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    AtomicBoolean over = new AtomicBoolean();
    try (Serving serving = new Serving(folder)) {
      List<Future<List<JsonNode>>> answers = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        answers.add(
            clients.submit(
                () -> {
                  List<JsonNode> all = new ArrayList<>();
                  while (!over.get()) {
                    all.add(serving.image(PREDICT, image));
                  }
                  return all;
                }));
      }
      put("2", Files.readAllBytes(second));
      await(serving, "2", "ready");
      byte[] cut = Files.readAllBytes(second);
      put("3", Arrays.copyOf(cut, cut.length / 2));
      await(serving, "3", "refused");
      put("4", forged(changed()));
      await(serving, "4", "refused");
      over.set(true);
      assertThat(state(serving, "4").get("problem").asText()).contains("differ from the recorded");
      assertThat(serving.image(PREDICT, image).get("version").asText()).isEqualTo("2");
      assertThat(
              serving
                  .image("/v1/models/it/versions/1/predict?top=1", image)
                  .get("version")
                  .asText())
          .isEqualTo("1");
      HttpResponse<byte[]> refused =
          serving.post("/v1/models/it/versions/3/predict", "image/png", image);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      for (Future<List<JsonNode>> each : answers) {
        for (JsonNode answer : each.get()) {
          assertThat(answer.has("error")).as(answer.toString()).isFalse();
          String version = answer.get("version").asText();
          var right = expected.get(version);
          for (int k = 0; k < 10; k++) {
            double value = answer.at("/predictions/%s/probability".formatted(k)).asDouble();
            assertThat(Math.abs(value - right.get(k).value())).isLessThan(1e-5);
          }
        }
      }
    } finally {
      over.set(true);
      clients.shutdown();
    }
  }

  @Test
  void whatWasUnusedLongestMakesRoomAndComesBack() {
    // Room for the captioner's parameters, and not for the classifier's beside them.
    try (Serving serving = new Serving(Serving.MODELS, settings -> settings.memory = 2_000_000)) {
      byte[] image = Serving.disc(40, 5);
      for (int i = 0; i < 3; i++) {
        assertThat(serving.image("/v1/models/shapes-classifier/predict", image).has("predictions"))
            .isTrue();
        assertThat(states(serving)).containsEntry("shapes-captioner", "unloaded");
        assertThat(serving.image("/v1/models/shapes-captioner/caption", image).has("caption"))
            .isTrue();
        assertThat(states(serving)).containsEntry("shapes-classifier", "unloaded");
        assertThat(serving.get("/v2/models/shapes-classifier/ready").statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void aZipWithoutASelfTestIsServedAndSaysSo() throws IOException {
    Map<String, byte[]> entries = Zips.entries(Files.readAllBytes(Serving.CLASSIFIER));
    entries.remove("descry/selftest.json");
    Path old = Files.write(folder.resolve("old.zip"), Zips.sealed(entries));
    try (Serving serving = new Serving(old)) {
      assertThat(serving.image("/v1/models/old/predict", Serving.disc(40, 5)).has("predictions"))
          .isTrue();
      assertThat(state(serving, "1").get("selfTest").asText())
          .isEqualTo("there is no self-test in its zip");
    }
  }

  private static Map<String, String> states(Serving serving) {
    Map<String, String> states = new HashMap<>();
    for (JsonNode model : Serving.json(serving.get("/v1/models")).get("models")) {
      states.put(model.get("name").asText(), model.at("/versions/0/state").asText());
    }
    return states;
  }

  /** A model that its owner misses is named, whatever is wrong with its place. */
  @Test
  void whatIsPassedOverIsSaid() throws IOException {
    byte[] zip = Files.readAllBytes(Serving.LANGUAGE);
    for (String place :
        List.of(
            "it.zip",
            "it/1/model.zip",
            "a b.zip",
            "run/model.zip",
            "big/9999999999999999999/model.zip",
            "v/latest/model.zip")) {
      Path file = folder.resolve(place);
      Files.createDirectories(file.getParent());
      Files.write(file, zip);
    }
    Files.createSymbolicLink(folder.resolve("gone.zip"), folder.resolve("nowhere"));
    Files.write(folder.resolve(".part.zip"), new byte[9]);
    Logger logger = (Logger) LoggerFactory.getLogger("org.descry.serve");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try (Serving serving = new Serving(folder)) {
      await(serving, "1", "ready");
    } finally {
      logger.detachAppender(log);
    }
    List<String> passedOver =
        log.list.stream()
            .map(ILoggingEvent::getFormattedMessage)
            .filter(line -> line.contains(" is passed over; expected "))
            .map(line -> line.substring(folder.toString().length() + 1))
            .sorted()
            .toList();
    assertThat(passedOver)
        .zipSatisfy(
            List.of(
                "a b.zip is passed over; expected a model's name",
                "big/9999999999999999999/model.zip is passed over; expected a version",
                "gone.zip is passed over; expected a file",
                "it.zip is passed over; expected one version 1 of it alone",
                "run/model.zip is passed over; expected it in a folder of its version",
                "v/latest/model.zip is passed over; expected a version"),
            (line, start) -> assertThat(line).startsWith(start));
  }

  @Test
  void aHostThatThereIsNot() {
    assertThatThrownBy(
            () -> new Serving(Serving.LANGUAGE, settings -> settings.host = "no.such.invalid"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("nothing is known by this name");
  }

  @Test
  void aZipThatIsNoModelIsNotServed() throws IOException {
    Path file = Files.write(folder.resolve("it.zip"), new byte[100]);
    assertThatThrownBy(() -> new Serving(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it.zip");
    assertThatThrownBy(() -> new Serving(folder.resolve("nothing")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("nothing");
  }
}
