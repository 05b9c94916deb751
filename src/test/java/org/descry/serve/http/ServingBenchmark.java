package org.descry.serve.http;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.descry.io.Json;
import org.descry.testing.ChildJvm;

/**
 * Compares the server with what it would be with other programs behind it, on loopback: {@code
 * ROUNDS SECONDS CONTENDER...}, of {@code descry}, {@code onnx} and {@code djl}. Contenders take
 * turns, each in a JVM of its own, so that what else the machine does meets all of them. Prints
 * tables: a figure a round, and at the end of a row how many times as fast Descry is.
 */
final class ServingBenchmark {
  private static final String DESCRY = "descry";
  private static final Path CLASSIFIER = Path.of("models/shapes-classifier.zip");
  private static final Path CAPTIONER = Path.of("models/shapes-captioner.zip");
  private static final Pattern PORT = Pattern.compile("port (\\d+)");
  private static final Pattern BATCH =
      Pattern.compile("batch +(\\d+): median ([\\d.]+) ms, fastest ([\\d.]+) ms");
  private static final int SIDE = 32;

  /** Until most of the server's code is compiled, which takes a quarter of both cores before. */
  private static final double WARMING_SECONDS = 30;

  private final double seconds;
  private final List<String> contenders;

  /** What was asked, who was asked, and the figures of all rounds: fast is high. */
  private final Map<String, Map<String, List<Figure>>> rows = new LinkedHashMap<>();

  private record Figure(double speed, String text) {}

  private ServingBenchmark(double seconds, List<String> contenders) {
    this.seconds = seconds;
    this.contenders = contenders;
  }

  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    ServingBenchmark benchmark =
        new ServingBenchmark(
            Double.parseDouble(args[1]), Arrays.asList(args).subList(2, args.length));
    for (int round = 0; round < rounds; round++) {
      for (String contender : benchmark.contenders) {
        benchmark.inProcess(contender);
        benchmark.served(contender);
      }
      if (benchmark.contenders.contains(DESCRY)) {
        benchmark.captions();
      }
    }
    benchmark.print();
  }

  private void inProcess(String contender) throws Exception {
    Path image = Files.write(Files.createTempFile("image", ".jpg"), jpeg());
    Process process =
        program(contender, "process", CLASSIFIER.toString(), image.toString()).start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher batch = BATCH.matcher(line);
        if (batch.find()) {
          double median = Double.parseDouble(batch.group(2));
          note(
              "in process, batch " + batch.group(1),
              contender,
              1 / median,
              batch.group(2) + " (" + batch.group(3) + ")");
        }
      }
    }
    requireEnd(process);
    Files.delete(image);
  }

  private void served(String contender) throws Exception {
    Map<String, byte[]> requests =
        Map.of(
            "JPEG",
            LoadClient.request("/v1/models/shapes-classifier/predict", "image/jpeg", jpeg(), -1),
            "tensor",
            tensor());
    serve(contender, CLASSIFIER, new TreeMap<>(requests));
  }

  private void captions() throws Exception {
    byte[] jpeg =
        LoadClient.request("/v1/models/shapes-captioner/caption?beam=3", "image/jpeg", jpeg(), -1);
    serve(DESCRY, CAPTIONER, Map.of("captions, beam 3", jpeg));
  }

  /** Starts a server, warms it up, asks it each by 64 connections and then by one, and ends it. */
  private void serve(String contender, Path model, Map<String, byte[]> requests) throws Exception {
    Process process = program(contender, "serve", model.toString(), "0").start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      int port = port(lines);
      for (byte[] request : requests.values()) {
        LoadClient.ask(port, request, 64, WARMING_SECONDS / requests.size(), 0);
      }
      for (Map.Entry<String, byte[]> each : requests.entrySet()) {
        ask(contender, each.getKey() + ", 64 connections", port, each.getValue(), 64, seconds);
      }
      for (Map.Entry<String, byte[]> each : requests.entrySet()) {
        ask(contender, each.getKey() + ", 1 connection", port, each.getValue(), 1, seconds / 3);
      }
      process.getOutputStream().close();
      requireEnd(process);
    } finally {
      process.destroy();
    }
  }

  /** DJL's classes and libraries are where the property says: its libraries bear no others. */
  private static ProcessBuilder program(String contender, String... args) {
    List<String> all = new ArrayList<>(List.of(contender));
    all.addAll(List.of(args));
    ProcessBuilder program =
        ChildJvm.of(List.of("-Xmx2g"), Comparison.class, all.toArray(String[]::new));
    if (contender.equals("djl")) {
      List<String> command = program.command();
      command.set(
          command.indexOf("-cp") + 1,
          System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("djl"));
    }
    return program.redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  private static int port(BufferedReader lines) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher port = PORT.matcher(line);
      if (port.find()) {
        return Integer.parseInt(port.group(1));
      }
    }
    throw new IOException("no server");
  }

  private static void requireEnd(Process process) throws Exception {
    if (process.waitFor() != 0) {
      throw new IOException("ended with " + process.exitValue());
    }
  }

  private void ask(
      String contender, String what, int port, byte[] request, int connections, double time)
      throws Exception {
    LoadClient.Result result = LoadClient.ask(port, request, connections, time, 0);
    note(
        what,
        contender,
        result.perSecond(),
        String.format(
            Locale.ROOT,
            "%.0f (%.2f, %.1f)",
            result.perSecond(),
            result.p50Millis(),
            result.p99Millis()));
  }

  private void note(String what, String contender, double speed, String text) {
    System.out.printf("%s, %s: %s%n", contender, what, text);
    rows.computeIfAbsent(what, key -> new LinkedHashMap<>())
        .computeIfAbsent(contender, key -> new ArrayList<>())
        .add(new Figure(speed, text));
  }

  private void print() {
    System.out.printf(
        "%nRequests a second (median, 99th percentile in ms); in process median (fastest) in"
            + " ms.%n%n");
    StringBuilder head = new StringBuilder("| what |");
    StringBuilder rule = new StringBuilder("|---|");
    for (String contender : contenders) {
      head.append(' ').append(contender).append(" |");
      rule.append("---|");
      if (!contender.equals(DESCRY)) {
        head.append(" Descry : ").append(contender).append(" |");
        rule.append("---:|");
      }
    }
    System.out.printf("%s%n%s%n", head, rule);
    rows.forEach(
        (what, all) -> {
          StringBuilder row = new StringBuilder("| " + what + " |");
          for (String contender : contenders) {
            List<Figure> figures = all.getOrDefault(contender, List.of());
            row.append(' ')
                .append(String.join("; ", figures.stream().map(Figure::text).toList()))
                .append(" |");
            if (!contender.equals(DESCRY)) {
              row.append(' ').append(ratios(all.get(DESCRY), figures)).append(" |");
            }
          }
          System.out.println(row);
        });
  }

  private static String ratios(List<Figure> own, List<Figure> other) {
    List<String> ratios = new ArrayList<>();
    for (int i = 0; own != null && i < Math.min(own.size(), other.size()); i++) {
      ratios.add(String.format(Locale.ROOT, "%.2f", own.get(i).speed / other.get(i).speed));
    }
    return String.join("; ", ratios);
  }

  private static byte[] jpeg() throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(0x3060a0));
    graphics.fillRect(0, 0, SIDE, SIDE);
    graphics.setColor(new Color(0xd0b040));
    graphics.fillOval(6, 8, 18, 18);
    graphics.dispose();
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", jpeg);
    return jpeg.toByteArray();
  }

  /** The same in pixels, by the Open Inference Protocol's binary extension. */
  private static byte[] tensor() {
    int bytes = 3 * SIDE * SIDE * Float.BYTES;
    String json = Json.line(Map.of("inputs", List.of(Serving.following("FP32", bytes))));
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    return LoadClient.request(
        "/v2/models/shapes-classifier/infer",
        "application/octet-stream",
        Arrays.copyOf(head, head.length + bytes),
        head.length);
  }
}
