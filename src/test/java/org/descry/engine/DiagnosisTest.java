package org.descry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final long GIB = 1L << 30;
  private static final List<String> BINARIES =
      List.of("plain", "onednn", "onednn-avx2", "onednn-avx512");
  private static final Engine.Choice FAST = choice("onednn-avx512", BINARIES, 2);
  private static final Diagnosis.Memory ROOMY =
      new Diagnosis.Memory(4 * GIB, 8 * GIB, 14 * GIB, 16 * GIB, 10 * GIB);
  private static final Throughput QUICK = new Throughput(400, 300);

  @Test
  void aHealthyMachineGetsNoAdvice() {
    assertThat(diagnosis(17, FAST, 0.1, ROOMY, Map.of(), QUICK).advice()).isEmpty();
  }

  @Test
  void aSlowBinaryIsNamedWithItsCause() {
    assertThat(diagnosis(17, choice("plain", BINARIES, 2), 0, ROOMY, Map.of(), QUICK).advice())
        .singleElement()
        .asString()
        .contains("runs onednn-avx512, but plain was asked for", "DESCRY_BINARY");
    Engine.Choice alone = choice("plain", List.of("plain"), 2);
    assertThat(diagnosis(17, alone, 0, ROOMY, Map.of(), QUICK).advice())
        .singleElement()
        .asString()
        .contains("not on the class path");
  }

  @Test
  void aBusyMachineExplainsLowFigures() {
    assertThat(diagnosis(17, FAST, 1.5, ROOMY, Map.of(), new Throughput(20, 20)).advice())
        .singleElement()
        .asString()
        .contains("busy");
  }

  @Test
  void lowFiguresOnAQuietMachineAreTold() {
    assertThat(diagnosis(17, FAST, 0, ROOMY, Map.of(), new Throughput(400, 20)).advice())
        .singleElement()
        .asString()
        .contains("20 GFLOP/s is little for 2 threads");
  }

  @Test
  void tooManyThreads() {
    Engine.Choice many = choice("onednn-avx512", BINARIES, 8);
    assertThat(diagnosis(17, many, 0, ROOMY, Map.of(), QUICK).advice())
        .singleElement()
        .asString()
        .contains("8 threads share 2 processors");
  }

  @Test
  void variablesThatHurt() {
    Map<String, String> openMp =
        Map.of("OMP_WAIT_POLICY", "active", "OMP_PROC_BIND", "true", "OMP_NUM_THREADS", "2");
    assertThat(diagnosis(17, FAST, 0, ROOMY, openMp, QUICK).advice())
        .hasSize(2)
        .anyMatch(advice -> advice.startsWith("OMP_WAIT_POLICY=active"))
        .anyMatch(advice -> advice.startsWith("OMP_PROC_BIND=true"));
  }

  @Test
  void littleMemory() {
    Diagnosis.Memory tight = new Diagnosis.Memory(GIB / 2, GIB, GIB, 2 * GIB, GIB);
    assertThat(diagnosis(17, FAST, 0, tight, Map.of(), QUICK).advice())
        .hasSize(2)
        .anyMatch(advice -> advice.contains("heap is limited to 512 MiB"))
        .anyMatch(advice -> advice.contains("1024 MiB of memory are free"));
  }

  @Test
  void aNewJdkWantsFlags() {
    assertThat(diagnosis(25, FAST, 0, ROOMY, Map.of(), QUICK).advice())
        .singleElement()
        .asString()
        .contains("--sun-misc-unsafe-memory-access=allow");
  }

  private static Engine.Choice choice(String binary, List<String> present, int threads) {
    return new Engine.Choice(binary, "onednn-avx512", present, threads, "Some CPU");
  }

  private static Diagnosis diagnosis(
      int jdk,
      Engine.Choice engine,
      double load,
      Diagnosis.Memory memory,
      Map<String, String> openMp,
      Throughput throughput) {
    return new Diagnosis(
        "test",
        jdk,
        List.of(),
        engine,
        "on",
        "on",
        "OPENBLAS",
        2,
        load,
        memory,
        new Diagnosis.Cache("cache", 0),
        openMp,
        throughput);
  }
}
