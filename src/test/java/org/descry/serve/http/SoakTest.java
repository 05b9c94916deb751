package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Pointer;
import org.descry.cli.Cli;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server under load for long is what it was in the beginning. */
@Tag("slow")
class SoakTest {
  /** Of the whole; {@code -Dsoak.seconds} says otherwise. */
  private static final int SECONDS = Integer.getInteger("soak.seconds", 600);

  private static final int PARTS = 5;
  private static final int CONNECTIONS = 16;
  private static final double LOAD = 0.8;
  private static final Pattern FIGURES =
      Pattern.compile("([0-9.]+) requests/s, p50 +([0-9.]+) ms, p99 +([0-9.]+) ms");

  @TempDir private Path folder;

  /** What a part of the test saw; bytes after a collection of garbage. */
  private record Part(double rate, double p99, long heap, long offHeap) {}

  @Test
  void timesAndMemoryStayAsTheyAre() throws Exception {
    Path image = Files.write(folder.resolve("image.png"), Serving.disc(40, 1));
    try (Serving serving = new Serving(Serving.CLASSIFIER)) {
      ask(serving, image, 10, 0);
      double most = ask(serving, image, 10, 0).rate;
      List<Part> parts = new ArrayList<>();
      for (int i = 0; i < PARTS; i++) {
        parts.add(ask(serving, image, SECONDS / PARTS, LOAD * most));
        System.out.println("soak: " + parts.get(i));
      }
      Part first = parts.get(0);
      Part last = parts.get(PARTS - 1);
      assertThat(last.rate).as(parts.toString()).isGreaterThan(0.95 * LOAD * most);
      assertThat(last.heap - first.heap).as(parts.toString()).isLessThan(32L << 20);
      assertThat(last.offHeap - first.offHeap).as(parts.toString()).isLessThan(64L << 20);
      assertThat(last.p99).as(parts.toString()).isLessThan(2 * first.p99 + 50);
    }
  }

  /** Lets another JVM ask, as fast as it can or at a rate. */
  private static Part ask(Serving serving, Path image, int seconds, double rate) throws Exception {
    Process client =
        Cli.program(
                LoadClient.class,
                Integer.toString(serving.port()),
                "/v1/models/shapes-classifier/predict",
                "image/png",
                image.toString(),
                Integer.toString(CONNECTIONS),
                Integer.toString(seconds),
                String.format(Locale.ROOT, "%.0f", rate))
            .redirectErrorStream(true)
            .start();
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher figures = FIGURES.matcher(said);
    assertThat(figures.find()).as(said).isTrue();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return new Part(
        Double.parseDouble(figures.group(1)),
        Double.parseDouble(figures.group(3)),
        runtime.totalMemory() - runtime.freeMemory(),
        Pointer.physicalBytes() - runtime.totalMemory());
  }
}
