package org.descry.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.descry.io.Json;

/** A real browser without a window, spoken with by its own protocol. */
public final class Chromium implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private int calls;

  /** The program; null where there is none. */
  public static String program() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .flatMap(
            dir ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> dir + "/" + name))
        .filter(file -> Files.isExecutable(Path.of(file)))
        .findFirst()
        .orElse(null);
  }

  /**
   * @param folder for its profile
   */
  public Chromium(Path folder) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                program(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolveSibling("chromium.log").toFile())
            .start();
    Path port = folder.resolve("DevToolsActivePort");
    while (!Files.exists(port) || Files.readAllLines(port).size() < 2) {
      if (!process.isAlive()) {
        throw new IOException("Chromium has ended with " + process.exitValue());
      }
      pause();
    }
    String number = Files.readAllLines(port).get(0);
    HttpClient client = HttpClient.newHttpClient();
    JsonNode pages =
        Json.MAPPER.readTree(
            client
                .send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + number + "/json/list"))
                        .build(),
                    BodyHandlers.ofString())
                .body());
    JsonNode page = pages.get(0);
    for (JsonNode each : pages) {
      page = each.get("type").asText().equals("page") ? each : page;
    }
    socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(page.get("webSocketDebuggerUrl").asText()), new Ear())
            .join();
  }

  /** Keeps the answers to calls, which come with the call's number. */
  private final class Ear implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        JsonNode message = parsed(text.toString());
        text.setLength(0);
        if (message.has("id")) {
          answers.add(message);
        }
      }
      from.request(1);
      return null;
    }
  }

  public JsonNode call(String method, Map<String, ?> parameters) throws IOException {
    int id = ++calls;
    socket
        .sendText(Json.line(Map.of("id", id, "method", method, "params", parameters)), true)
        .join();
    try {
      for (JsonNode answer = next(); ; answer = next()) {
        if (answer.get("id").asInt() == id) {
          if (answer.has("error")) {
            throw new IOException(method + ": " + answer.get("error"));
          }
          return answer.get("result");
        }
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private JsonNode next() throws IOException, InterruptedException {
    JsonNode answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (answer == null) {
      throw new IOException("Chromium does not answer");
    }
    return answer;
  }

  /** The value of an expression, which may be a promise. */
  public JsonNode value(String expression) throws IOException {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IOException(expression + ": " + result.get("exceptionDetails"));
    }
    return result.at("/result/value");
  }

  /** Waits until an expression is true. */
  public void await(String expression) throws IOException {
    for (int i = 0; i < 20 * PATIENCE_SECONDS; i++) {
      if (value("!!(" + expression + ")").asBoolean()) {
        return;
      }
      pause();
    }
    throw new IOException(
        "never true: %s; the page says: %s"
            .formatted(expression, value("document.body.innerText").asText()));
  }

  public void open(String address) throws IOException {
    call("Page.navigate", Map.of("url", address));
    await("document.readyState === 'complete' && location.href === '" + address + "'");
  }

  /**
   * @param dark whether the person likes dark pages
   */
  public void screen(int width, int height, boolean dark) throws IOException {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            new Object[] {
              Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light")
            }));
  }

  /**
   * What a person with good eyes would find wrong with the page that is open.
   *
   * @param width of the screen, as {@link #screen} was told
   */
  public List<String> faults(int width) throws IOException {
    List<String> faults = new ArrayList<>();
    int taken = value("document.documentElement.scrollWidth").asInt();
    if (taken > width) { // a phone makes room, and everything smaller
      faults.add("scrolls sideways, over " + taken);
    }
    try (InputStream script = Chromium.class.getResourceAsStream("faults.js")) {
      value(new String(script.readAllBytes(), StandardCharsets.UTF_8))
          .forEach(fault -> faults.add(fault.asText()));
    }
    return faults;
  }

  public void type(String text) throws IOException {
    call("Input.insertText", Map.of("text", text));
  }

  public void press(String key, int code) throws IOException {
    for (String type : new String[] {"keyDown", "keyUp"}) {
      call(
          "Input.dispatchKeyEvent",
          Map.of(
              "type",
              type,
              "key",
              key,
              "code",
              key,
              "windowsVirtualKeyCode",
              code,
              "text",
              key.equals("Enter") && type.equals("keyDown") ? "\r" : ""));
    }
  }

  public byte[] screenshot() throws IOException {
    JsonNode taken =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    return Base64.getDecoder().decode(taken.get("data").asText());
  }

  private static JsonNode parsed(String message) {
    try {
      return Json.MAPPER.readTree(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    // Its helpers write to the profile's folder, which is deleted next.
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }
}
