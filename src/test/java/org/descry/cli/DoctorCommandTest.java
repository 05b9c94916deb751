package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.descry.engine.Engine;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DoctorCommandTest {
  @Test
  void textNamesEverythingOnce() {
    String binary = Engine.start().binary();
    assertThat(run())
        .startsWith("Engine: " + binary)
        .containsPattern("Java +\\d+")
        .containsPattern("Binary +" + binary + " \\(present: .*" + binary)
        .containsPattern("oneDNN +(on|off)")
        .containsPattern("BLAS +\\w+")
        .containsPattern("Threads +\\d+ on \\d+ processors")
        .containsPattern("Memory +heap [\\d.]+ GiB, arrays off the heap [\\d.]+ GiB")
        .containsPattern("Matmul +\\d+ GFLOP/s")
        .containsPattern("Convolution +\\d+ GFLOP/s")
        .containsAnyOf("Nothing looks wrong.", "To do:");
  }

  @Test
  void jsonIsOneObject() throws Exception {
    JsonNode json = new ObjectMapper().readTree(run("--json"));
    assertThat(json.at("/engine/binary").asText()).isEqualTo(Engine.start().binary());
    assertThat(json.at("/throughput/matmul").asDouble()).isPositive();
    assertThat(json.at("/throughput/convolution").asDouble()).isPositive();
    assertThat(json.at("/memory/heap").asLong()).isEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(json.get("advice").isArray()).isTrue();
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine command =
        new CommandLine(new DoctorCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(new StringWriter()));
    assertThat(command.execute(arguments)).isZero();
    return out.toString();
  }
}
