package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.descry.Descry;
import org.descry.engine.Memory;
import org.descry.engine.dnn.Precision;
import org.descry.io.Json;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
import org.descry.serve.ServerSettings;
import org.descry.testing.SmallJobs;
import org.eclipse.jetty.util.component.Container;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server of this JVM on a free port of loopback, and a client of it. As an extension it lasts as
 * long as the class of tests.
 */
final class Serving implements AutoCloseable, AfterAllCallback {
  static final Path MODELS = Path.of("models");
  static final Path CLASSIFIER = MODELS.resolve("shapes-classifier.zip");
  static final Path CAPTIONER = MODELS.resolve("shapes-captioner.zip");
  static final Path LANGUAGE = MODELS.resolve("word-rnn.zip");

  private static final Pattern ADDRESS =
      Pattern.compile("^Serving .*?(http\\S+)\\R", Pattern.MULTILINE);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Server server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Settings of a test's server, to be changed. */
  static final class Settings {
    String host = "127.0.0.1";
    int queue = 1024;
    long maxRequest = 1 << 20;
    long memory = Memory.limit();
    Duration timeout = PATIENCE;
    Path apiKeys;
    ServerSettings.Tls tls;
    String cors;
    Precision precision = Precision.FLOAT32;

    ServerSettings made() {
      return new ServerSettings(
          host,
          0,
          2,
          64,
          Duration.ofMillis(2),
          queue,
          maxRequest,
          timeout,
          Duration.ofMillis(50),
          memory,
          apiKeys,
          tls,
          cors,
          precision,
          false);
    }
  }

  /** The shipped models, all of them ready. */
  static Serving models() {
    Serving serving = new Serving(MODELS);
    for (String model : List.of("shapes-classifier", "shapes-captioner", "word-rnn")) {
      while (serving.get("/v2/models/" + model + "/ready").statusCode() != 200) {
        pause();
      }
    }
    return serving;
  }

  /** Trains a captioner that looks, a little, in a folder. */
  static Path looking(Path folder) {
    String longer =
        "training={epochs: 4, batchSize: 20, optimizer: {type: adam, learningRate: 0.02}}";
    return Descry.train(SmallJobs.looking("looking", folder, longer).job());
  }

  Serving(Path path) {
    this(path, settings -> {});
  }

  Serving(Path path, Consumer<Settings> change) {
    this(path, Kinds::open, change);
  }

  Serving(Path path, Function<Path, TrainedModel> opener, Consumer<Settings> change) {
    Settings settings = new Settings();
    change.accept(settings);
    server = Server.start(path, opener, settings.made());
    awaitReady();
  }

  private void awaitReady() {
    while (!server.ready()) {
      pause();
    }
  }

  static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where a program serves, once it has said so in a line of the file that it prints to. */
  static URI address(Process program, Path out) throws IOException {
    while (true) {
      boolean alive = program.isAlive();
      String said = Files.readString(out);
      Matcher address = ADDRESS.matcher(said);
      if (address.find()) {
        return URI.create(address.group(1));
      }
      assertThat(alive).as(said).isTrue();
      pause();
    }
  }

  int port() {
    return server.port();
  }

  /** What holds the connections. */
  Container jetty() {
    return server.jetty();
  }

  /** All that is served: methods and paths. */
  List<String> addresses() {
    return server.addresses();
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(PATIENCE);
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<byte[]> get(String path) {
    return send(to(path).GET());
  }

  HttpResponse<byte[]> post(String path, String type, byte[] body) {
    return send(to(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<byte[]> postJson(String path, Object body) {
    return post(path, "application/json", Json.line(body).getBytes(StandardCharsets.UTF_8));
  }

  /** One image in a request of its own. */
  JsonNode image(String path, byte[] image) {
    return json(post(path, "image/png", image));
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    return json(response.body());
  }

  static JsonNode json(byte[] body) {
    try {
      return Json.MAPPER.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** A request for inference on one tensor. */
  static Map<String, Object> infer(String name, String datatype, Object shape, Object data) {
    return Map.of(
        "inputs",
        List.of(Map.of("name", name, "datatype", datatype, "shape", shape, "data", data)));
  }

  /**
   * An image as a tensor whose numbers follow the JSON, by the protocol's binary extension.
   *
   * @param bytes how many follow
   */
  static Map<String, Object> following(String datatype, Object bytes) {
    return Map.of(
        "name",
        "image",
        "datatype",
        datatype,
        "shape",
        List.of(1, 3, 32, 32),
        "parameters",
        Map.of("binary_data_size", bytes));
  }

  /** A PNG with a disc of some colour and place. */
  static byte[] disc(int side, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(random.nextInt(0x1000000)));
    graphics.fillRect(0, 0, side, side);
    graphics.setColor(new Color(random.nextInt(0x1000000)));
    int size = 8 + random.nextInt(side / 2);
    graphics.fillOval(random.nextInt(side - size), random.nextInt(side - size), size, size);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    server.close();
  }
}
