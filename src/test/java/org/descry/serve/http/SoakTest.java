package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.descry.cli.Cli;
import org.descry.cli.Main;
import org.descry.testing.ChildJvm;
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
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /** All of the heap is there from the start, so that what is resident grows off the heap alone. */
  private static final List<String> HEAP =
      List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch");

  @TempDir private Path folder;

  /**
   * What a part of the test saw.
   *
   * @param most requests a second that the server answered before it
   */
  private record Part(double most, double rate, double p99, long resident) {}

  @Test
  void timesAndMemoryStayAsTheyAre() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "what is resident stands in /proc");
    Path image = Files.write(folder.resolve("image.png"), Serving.disc(40, 1));
    Path out = folder.resolve("out.txt");
    Process server =
        ChildJvm.of(HEAP, Main.class, "serve", Serving.CLASSIFIER.toString(), "--port", "0")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    List<Part> parts = new ArrayList<>();
    try {
      int port = Serving.address(server, out).getPort();
      ask(port, image, 30, 0); // until its code is compiled
      for (int i = 0; i < PARTS; i++) {
        double most = ask(port, image, 10, 0)[0];
        double[] seen = ask(port, image, SECONDS / PARTS, LOAD * most);
        parts.add(new Part(most, seen[0], seen[2], resident(server)));
        System.out.println("soak: " + parts.get(i));
      }
    } finally {
      server.destroy();
    }
    String all = parts.toString();
    Part first = parts.get(0);
    Part last = parts.get(PARTS - 1);
    assertThat(last.resident - first.resident).as(all).isLessThan(64L << 20);
    assertThat(server.waitFor()).isEqualTo(143);
    // Times are compared where the machine was as fast all the while.
    DoubleSummaryStatistics most = parts.stream().mapToDouble(Part::most).summaryStatistics();
    assumeTrue(most.getMax() < 1.25 * most.getMin(), all);
    assertThat(last.rate).as(all).isGreaterThan(0.95 * LOAD * last.most);
    assertThat(last.p99).as(all).isLessThan(2 * first.p99 + 50);
  }

  private static long resident(Process server) throws IOException {
    String status = Files.readString(Path.of("/proc/" + server.pid() + "/status"));
    Matcher resident = RESIDENT.matcher(status);
    assertThat(resident.find()).isTrue();
    return Long.parseLong(resident.group(1)) << 10;
  }

  /**
   * Lets another JVM ask, as fast as it can or at a rate.
   *
   * @return answers a second, the median and the 99th percentile of their milliseconds
   */
  private static double[] ask(int port, Path image, int seconds, double rate) throws Exception {
    Process client =
        Cli.program(
                LoadClient.class,
                Integer.toString(port),
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
    return new double[] {
      Double.parseDouble(figures.group(1)),
      Double.parseDouble(figures.group(2)),
      Double.parseDouble(figures.group(3))
    };
  }
}
