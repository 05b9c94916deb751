package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.descry.io.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whatever is sent, the server answers with the right code, and everybody else as ever. */
class HostileRequestsTest {
  private static final String PREDICT = "/v1/models/shapes-classifier/predict";
  private static final List<Integer> CODES =
      List.of(200, 400, 404, 405, 408, 411, 413, 415, 429, 431);
  private static final int CLIENTS = 4;
  private static final byte[] IMAGE = Serving.disc(40, 9);
  private static final Logger JETTY = (Logger) LoggerFactory.getLogger("org.eclipse.jetty");

  private static final ListAppender<ILoggingEvent> warnings = new ListAppender<>();
  private static Serving serving;
  private static JsonNode right;

  @BeforeAll
  static void start() {
    warnings.start();
    JETTY.addAppender(warnings);
    serving = new Serving(Serving.CLASSIFIER);
    right = serving.image(PREDICT, IMAGE).get("predictions");
  }

  @AfterAll
  static void stop() {
    serving.close();
    JETTY.detachAppender(warnings);
  }

  private static void requireRight() {
    HttpResponse<byte[]> response = serving.post(PREDICT, "image/png", IMAGE);
    assertThat(response.statusCode()).as(Serving.text(response)).isEqualTo(200);
    JsonNode answer = Serving.json(response).get("predictions");
    for (int i = 0; i < right.size(); i++) {
      assertThat(answer.at("/%s/label".formatted(i))).isEqualTo(right.at("/%s/label".formatted(i)));
      assertThat(
              Math.abs(
                  answer.at("/%s/probability".formatted(i)).asDouble()
                      - right.at("/%s/probability".formatted(i)).asDouble()))
          .isLessThan(1e-5);
    }
  }

  @Test
  void malformedRequestsHarmNobody() throws Exception {
    attack(400);
  }

  /** More than the server has threads: some say half of a line, some half of a body. */
  @Test
  void slowAndHalfClosedClientsKeepNobodyWaiting() throws IOException {
    String head = "POST " + PREDICT + " HTTP/1.1\r\nHost: it\r\nContent-Type: image/png\r\n";
    byte[] start =
        (head + "Content-Length: " + IMAGE.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        Socket client = connected();
        clients.add(client);
        client.getOutputStream().write(start, 0, i % 2 == 0 ? 20 : start.length);
        if (i % 2 == 1) {
          client.getOutputStream().write(IMAGE, 0, IMAGE.length / 2);
        }
      }
      requireRight();
      for (int i = 0; i < clients.size(); i++) { // the rest, and nothing after it
        OutputStream out = clients.get(i).getOutputStream();
        if (i % 2 == 0) {
          out.write(start, 20, start.length - 20);
          out.write(IMAGE);
        } else {
          out.write(IMAGE, IMAGE.length / 2, IMAGE.length - IMAGE.length / 2);
        }
        clients.get(i).shutdownOutput();
      }
      for (Socket client : clients) {
        String answer =
            new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        assertThat(answer).isEqualTo("HTTP/1.1 200");
      }
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private static Socket connected() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), serving.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  @Test
  @Tag("slow")
  void tenThousandMalformedRequestsHarmNobodyAndLeaveNothing() throws Exception {
    attack(2000);
    System.gc();
    long before = Pointer.physicalBytes();
    attack(10_000);
    System.gc();
    assertThat(Pointer.physicalBytes() - before).isLessThan(200L << 20);
  }

  /** So many requests from some clients, and good ones among them; Jetty warns of none. */
  private static void attack(int requests) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        long seed = client;
        all.add(
            clients.submit(
                () -> {
                  SplittableRandom random = new SplittableRandom(seed);
                  for (int i = 0; i < requests / CLIENTS; i++) {
                    one(random);
                    if (i % 4 == 0) {
                      requireRight();
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      clients.shutdown();
    }
    requireRight();
    assertThat(warnings.list).isEmpty();
  }

  private static void one(SplittableRandom random) throws IOException {
    switch (random.nextInt(6)) {
      case 0 -> json(random);
      case 1 -> binary(random);
      case 2 -> image(random);
      case 3 -> options(random);
      case 4 -> multipart(random);
      default -> raw(random);
    }
  }

  private static void require(HttpResponse<byte[]> response) {
    assertThat(response.statusCode()).as(Serving.text(response)).isIn(CODES);
    if (response.statusCode() != 200) {
      assertThat(Serving.json(response).get("error").asText()).isNotBlank();
    }
  }

  /** A request that was right, in JSON, with some of its bytes changed. */
  private static void json(SplittableRandom random) {
    String good =
        Json.line(
            Serving.infer(
                "image",
                pick(random, "FP32", "BYTES", "UINT8", "FP99"),
                pick(random, List.of(1, 3, 32, 32), List.of(-1, 3), List.of(3, 1L << 40), "x"),
                pick(
                    random,
                    Collections.nCopies(3072, random.nextInt(-1, 300)),
                    List.of(List.of(1, "a")),
                    List.of(),
                    Map.of("a", 1),
                    "abc")));
    byte[] body = damaged(random, good.getBytes(StandardCharsets.UTF_8));
    require(serving.post("/v2/models/shapes-classifier/infer", "application/json", body));
  }

  @SafeVarargs
  private static <T> T pick(SplittableRandom random, T... values) {
    return values[random.nextInt(values.length)];
  }

  private static byte[] damaged(SplittableRandom random, byte[] good) {
    byte[] body = good.clone();
    for (int i = random.nextInt(4); i > 0; i--) {
      body[random.nextInt(body.length)] = (byte) random.nextInt();
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(body, random.nextInt(body.length)) : body;
  }

  /** Lengths that lie. */
  private static void binary(SplittableRandom random) {
    String json =
        Json.line(
            Map.of(
                "inputs",
                List.of(
                    Serving.following(
                        pick(random, "FP32", "UINT8", "BYTES"),
                        pick(random, 12_288, 3072, -1, 1 << 30, 12_287, "x")))));
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(head, head.length + random.nextInt(13_000));
    String length = pick(random, "" + head.length, "0", "-1", "999999999", "x", "1");
    require(
        serving.send(
            serving
                .to("/v2/models/shapes-classifier/infer")
                .header("Content-Type", "application/octet-stream")
                .header("Inference-Header-Content-Length", length)
                .POST(BodyPublishers.ofByteArray(body))));
  }

  private static void image(SplittableRandom random) {
    require(serving.post(PREDICT, "image/png", damaged(random, IMAGE)));
  }

  private static void options(SplittableRandom random) {
    String option = pick(random, "top", "beam", "stream", "%00", "top%3d", "..%2f..");
    String value = pick(random, "", "-1", "1e9", "99999999999999999999", "true", "%ff");
    String model =
        pick(random, "shapes-classifier", "none", "..", "%2e%2e", "a%2fb", "%F0%9F%A6%8A");
    require(
        serving.post(
            "/v1/models/" + model + "/predict?" + option + "=" + value, "image/png", IMAGE));
  }

  private static void multipart(SplittableRandom random) {
    String head = "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(start, start.length + IMAGE.length);
    System.arraycopy(IMAGE, 0, body, start.length, IMAGE.length);
    require(serving.post(PREDICT, "multipart/form-data; boundary=x", damaged(random, body)));
  }

  /** What no client library would send; the server may hang up without an answer. */
  private static void raw(SplittableRandom random) throws IOException {
    String start = "POST " + PREDICT + " HTTP/1.1\r\nHost: it\r\nContent-Type: image/png\r\n";
    String request =
        pick(
            random,
            start + "Content-Length: 1000\r\n\r\nabc",
            start + "Content-Length: 3\r\n\r\nabc",
            start + "Content-Length: -5\r\n\r\n",
            start + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
            start + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc",
            start + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
            start + "X: " + "y".repeat(100_000) + "\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "\u0000\u0001\u0002\r\n\r\n",
            "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: it\r\n\r\n");
    try (Socket socket = connected()) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      if (random.nextBoolean()) {
        socket.setSoLinger(random.nextBoolean(), 0);
        return; // gone in the middle, half of them with a reset
      }
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      String answer = new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
      if (answer.length() == 12) {
        assertThat(Integer.parseInt(answer.substring(9)))
            .as(request.substring(0, Math.min(300, request.length())))
            .satisfiesAnyOf(
                code -> assertThat(code).isIn(CODES), code -> assertThat(code).isIn(414, 505));
      }
    } catch (IOException e) {
      assertThat(e.getMessage()).containsAnyOf("reset", "Broken pipe", "abort");
    }
  }
}
