package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients in {@code examples/serve} get answers, where what they are written for is there. */
class ServeExamplesTest {
  @TempDir private static Path folder;
  private static Serving serving;
  private static Path image;

  @BeforeAll
  static void start() throws IOException {
    serving = Serving.models();
    image = Files.write(folder.resolve("image.png"), Serving.disc(40, 2));
  }

  @AfterAll
  static void stop() {
    serving.close();
  }

  private static String run(String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of(command));
    all.add(image.toString());
    all.add("http://127.0.0.1:" + serving.port());
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static boolean works(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void curl() throws Exception {
    assumeTrue(works("curl", "--fail-with-body", "--version"), "there is no curl of 7.76 or later");
    assertThat(run("sh", "examples/serve/ask.sh"))
        .contains("\"predictions\":", "\"caption\":", "\"results\":", "\"text\":");
  }

  @Test
  void python() throws Exception {
    assumeTrue(works("python3", "-c", "import requests"), "there is no Python with requests");
    assertThat(run("python3", "examples/serve/ask.py")).contains(": 0.", "probability [1, 10]");
  }

  @Test
  void java() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    assertThat(run(java, "examples/serve/Ask.java").lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("200 {"));
  }
}
