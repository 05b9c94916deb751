package org.descry.sweep.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerProcessTest {
  @Test
  void workersGetTheOptionsOfTheProgramButForMemoryCollectorAndAgents() {
    List<String> kept =
        List.of("-Dmy.setting=1", "--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xss4m", "-ea");
    List<String> own =
        List.of(
            "-Xmx3g",
            "-Xms1g",
            "-Xmn512m",
            "-XX:InitialHeapSize=4g",
            "-XX:MaxHeapSize=4g",
            "-XX:+UseG1GC",
            "-XX:MaxRAMPercentage=50",
            "-XX:TieredStopAtLevel=4",
            "-Dorg.bytedeco.javacpp.maxbytes=1g",
            "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
            "-javaagent:jacoco.jar");
    assertThat(WorkerProcess.inherited(kept)).isEqualTo(kept);
    assertThat(WorkerProcess.inherited(own)).isEmpty();
  }

  /** All options that a program was given are inherited; those of its environment would win. */
  @Test
  void workersFindNoOptionsInTheirEnvironment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC");
    environment.put("JDK_JAVA_OPTIONS", "-Xms4g");
    environment.put("_JAVA_OPTIONS", "-Xmx64g");
    environment.put("HOME", "/home");
    WorkerProcess.settle(environment, 3);
    assertThat(environment)
        .containsOnlyKeys("HOME", "DESCRY_THREADS", "OMP_NUM_THREADS")
        .containsEntry("OMP_NUM_THREADS", "3");
  }
}
