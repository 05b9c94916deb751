package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.Pngs;
import org.descry.engine.Engine;
import org.descry.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as its users start and stop it. */
class ServeCommandTest {
  private static final String MODEL = "models/shapes-classifier.zip";

  @TempDir Path dir;

  private static void refused(int code, String sentence, String... options) {
    List<String> all = new ArrayList<>(List.of("serve", MODEL));
    all.addAll(List.of(options));
    int threads = Engine.start().threads(); // it runs in this process already
    int workers = Math.max(1, Runtime.getRuntime().availableProcessors() / threads);
    all.addAll(List.of("--workers", Integer.toString(workers)));
    Cli.Outcome outcome = Cli.here(all.toArray(String[]::new));
    assertThat(outcome.err()).contains(sentence);
    assertThat(outcome.code()).isEqualTo(code);
  }

  @Test
  @Timeout(120)
  void whatCannotBeDoneIsSaidInASentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      refused(2, port + " cannot be listened on (Address already in use", "--port", port);
    }
    refused(
        2, "it.invalid:0 cannot be listened on (nothing", "--port", "0", "--host", "it.invalid");
    refused(2, "192.0.2.1:0 cannot be listened on (", "--port", "0", "--host", "192.0.2.1");
    refused(2, "--cors is \"no site\"; expected", "--port", "0", "--cors", "no site");
    refused(
        2, "'--precision': expected one of [float32, bfloat16], got half", "--precision", "half");
    refused(3, "cannot be read (Is a directory)", "--port", "0", "--api-key-file", dir.toString());
    String file = Files.writeString(dir.resolve("text"), "text").toString();
    refused(3, file + " is no cert", "--port", "0", "--tls-cert", file, "--tls-key", file);
  }

  @Test
  @Timeout(120)
  void servesUntilItIsToldToEnd() throws Exception {
    Path image = dir.resolve("circle.png");
    Pngs.write(Shapes.generate(3, 20, 10, 10).test(), 0, image);
    Path err = dir.resolve("err.txt");
    Process server =
        Cli.program(Main.class, "serve", MODEL, "--port", "0", "--workers", "1")
            .redirectError(err.toFile())
            .start();
    try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      assertThat(line)
          .as(Files.readString(err))
          .startsWith("Serving " + MODEL + " on http://127.0.0.1:");
      URI address = URI.create(line.substring(line.indexOf("http://")));
      HttpClient client = HttpClient.newHttpClient();
      HttpResponse<Void> ready =
          client.send(
              HttpRequest.newBuilder(address.resolve("/v2/health/ready")).build(),
              BodyHandlers.discarding());
      assertThat(ready.statusCode()).isEqualTo(200);
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(address.resolve("/v1/models/shapes-classifier/predict"))
                  .header("Content-Type", "image/png")
                  .POST(BodyPublishers.ofFile(image))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(Json.MAPPER.readTree(answer.body()).at("/predictions/0/label").asText())
          .as(answer.body())
          .isEqualTo("circle");
      new ProcessBuilder("kill", "-TERM", Long.toString(server.pid())).start().waitFor();
      assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).as(Files.readString(err)).isEqualTo(143);
    } finally {
      server.destroyForcibly();
    }
  }
}
