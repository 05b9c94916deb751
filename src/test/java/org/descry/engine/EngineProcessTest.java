package org.descry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.Loader;
import org.descry.DescryException;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.dnn.Precision;
import org.descry.testing.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Starts JVMs of its own, because a JVM loads one binary and keeps it. */
@Tag("slow")
class EngineProcessTest {
  /** Prints the line of the choice, the folder of the library and the threads of this thread. */
  static final class Report {
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
      PrintStream out = System.out;
      try {
        out.println(Engine.start());
        Path library = Path.of(Loader.getLoadedLibraries().get("nd4jcpu"));
        out.println("folder " + library.getParent().getFileName());
        out.println(
            "threads " + NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads());
        out.println("bfloat16 " + Precision.BFLOAT16.obstacle() + ", " + Precision.emulated());
      } catch (DescryException e) {
        out.println("refused: " + e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "onednn-avx2"})
  void theBinaryAskedForIsTheOneLoaded(String binary) throws Exception {
    assumeThat(Engine.start().present()).contains(binary);
    assumeThat(Engine.start().fastest()).startsWith("onednn-avx");
    String output = report(Map.of("DESCRY_BINARY", binary, "DESCRY_THREADS", "1"));
    String suffix = binary.equals("plain") ? "" : "-" + binary;
    assertThat(output)
        .contains("Engine: " + binary + ", 1 thread")
        .contains("folder " + Loader.getPlatform() + suffix)
        .contains("threads 1");
  }

  @Test
  void theEnvironmentsThreadsAreRespected() throws Exception {
    assertThat(report(Map.of("OMP_NUM_THREADS", "3"))).contains(", 3 threads", "threads 3");
  }

  @Test
  void anUnknownBinaryIsRefusedBeforeAnythingLoads() throws Exception {
    assertThat(report(Map.of("DESCRY_BINARY", "avx9"))).contains("refused: The binary 'avx9'");
  }

  @Test
  void bfloat16IsEmulatedWhereItIsAskedForAndMissing() throws Exception {
    assumeThat(Dnn.on()).isTrue();
    String unit = report(Map.of());
    boolean missing = unit.contains("bfloat16 the processor has no amx_bf16, false");
    assertThat(missing || unit.contains("bfloat16 null, false")).isTrue();
    assertThat(report(Map.of("DESCRY_BFLOAT16", "Emulated"))).contains("bfloat16 null, " + missing);
    assertThat(report(Map.of("DESCRY_BFLOAT16", "yes")))
        .contains("refused: DESCRY_BFLOAT16 is 'yes': expected native or emulated.");
  }

  private static String report(Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = ChildJvm.of(Report.class);
    builder.environment().keySet().removeIf(name -> name.matches("(DESCRY|OMP|GOMP)_.*"));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
