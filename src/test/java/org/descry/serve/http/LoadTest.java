package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.descry.cli.Cli;
import org.descry.cli.Main;
import org.descry.io.Json;
import org.descry.kind.language.TrainedLanguageModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at the same time get the answers that one gets alone, to the end. */
class LoadTest {
  private static final int CLIENTS = 8;

  @TempDir private Path folder;

  @Test
  void clientsThatMixKindsGetTheAnswersOfOne() throws Exception {
    mix(25);
  }

  @Test
  @Tag("slow")
  void clientsThatMixKindsGetTheAnswersOfOneForLong() throws Exception {
    mix(1500);
  }

  private static void mix(int rounds) throws Exception {
    String prompt = TrainedLanguageModel.load(Serving.LANGUAGE).manifest().text().tokens().get(3);
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (Serving serving = new Serving(Serving.MODELS)) {
      for (String model : List.of("shapes-classifier", "shapes-captioner", "word-rnn")) {
        while (serving.get("/v2/models/" + model + "/ready").statusCode() != 200) {
          Serving.pause();
        }
      }
      List<Supplier<JsonNode>> requests = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        byte[] image = Serving.disc(30 + 10 * i, i);
        int seed = i;
        requests.add(() -> serving.image("/v1/models/shapes-classifier/predict", image));
        requests.add(() -> serving.image("/v1/models/shapes-captioner/caption", image));
        requests.add(() -> serving.image("/v1/models/shapes-captioner/caption?beam=1", image));
        requests.add(
            () ->
                serving.image(
                    "/v1/models/shapes-captioner/caption?sample=true&seed=" + seed, image));
        requests.add(
            () ->
                Serving.json(
                    serving.postJson(
                        "/v1/models/word-rnn/generate",
                        Map.of("prompt", prompt, "length", 9, "seed", seed, "temperature", 2))));
      }
      List<JsonNode> alone = requests.stream().map(Supplier::get).toList();
      List<Future<?>> all = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        SplittableRandom random = new SplittableRandom(client);
        all.add(
            clients.submit(
                () -> {
                  for (int i = 0; i < rounds; i++) {
                    int k = random.nextInt(requests.size());
                    requireEqual(requests.get(k).get(), alone.get(k));
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      clients.shutdown();
    }
  }

  private static void requireEqual(JsonNode answer, JsonNode alone) {
    assertThat(answer.has("error")).as(answer.toString()).isFalse();
    if (!alone.has("predictions")) {
      assertThat(answer).isEqualTo(alone);
      return;
    }
    for (int i = 0; i < alone.get("predictions").size(); i++) {
      JsonNode one = alone.get("predictions").get(i);
      JsonNode other = answer.get("predictions").get(i);
      double distance = one.get("probability").asDouble() - other.get("probability").asDouble();
      assertThat(Math.abs(distance)).isLessThan(1e-5);
      assertThat(other.get("label")).isEqualTo(one.get("label"));
    }
  }

  /** The program in a JVM of its own is asked to end while clients ask it. */
  @Test
  void whatWasTakenIsAnsweredWhenTheProgramIsTerminated() throws Exception {
    Path err = folder.resolve("err.txt");
    Path out = folder.resolve("out.txt");
    Process process =
        Cli.program(
                Main.class, "serve", Serving.CLASSIFIER.toAbsolutePath().toString(), "--port", "0")
            .redirectError(err.toFile())
            .redirectOutput(out.toFile())
            .start();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      URI address = Serving.address(process, out).resolve("/v1/models/shapes-classifier/predict");
      assertThat(Files.readString(out)).startsWith("Serving ");
      AtomicBoolean over = new AtomicBoolean();
      List<Future<Long>> answered = new ArrayList<>();
      byte[] image = Serving.disc(40, 1);
      for (int i = 0; i < CLIENTS; i++) {
        answered.add(threads.submit(() -> ask(address, image, over)));
      }
      while (process.isAlive() && Files.readAllLines(out).size() < 100) {
        Serving.pause(); // until load is under way
      }
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      over.set(true);
      long all = 0;
      for (Future<Long> each : answered) {
        all += each.get();
      }
      assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(143);
      assertThat(Files.readString(err)).doesNotContain("failed to stop"); // nothing was cut off
      assertThat(all).isPositive().isEqualTo(answers(out));
    } finally {
      process.destroyForcibly();
      threads.shutdown();
    }
  }

  /** Those that the server noted, a line of JSON each. */
  private static long answers(Path out) throws IOException {
    List<String> lines = Files.readAllLines(out);
    long answers = 0;
    for (String line : lines.subList(1, lines.size())) {
      JsonNode request = Json.MAPPER.readTree(line);
      assertThat(request.get("id").asText()).isNotEmpty();
      assertThat(request.get("millis").asDouble()).isPositive();
      answers += request.get("status").asInt() == 200 ? 1 : 0;
    }
    return answers;
  }

  /** Asks until the server is gone; the number of answers. */
  private static long ask(URI address, byte[] image, AtomicBoolean over)
      throws InterruptedException {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    long answers = 0;
    while (!over.get()) {
      try {
        int status =
            client
                .send(
                    HttpRequest.newBuilder(address)
                        .header("Content-Type", "image/png")
                        .POST(BodyPublishers.ofByteArray(image))
                        .build(),
                    BodyHandlers.ofByteArray())
                .statusCode();
        assertThat(status).isIn(200, 503);
        answers += status == 200 ? 1 : 0;
      } catch (IOException e) {
        Serving.pause(); // no longer there
      }
    }
    return answers;
  }
}
