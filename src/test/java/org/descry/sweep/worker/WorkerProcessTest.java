package org.descry.sweep.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
            "-XX:+UseG1GC",
            "-XX:MaxRAMPercentage=50",
            "-XX:TieredStopAtLevel=4",
            "-Dorg.bytedeco.javacpp.maxbytes=1g",
            "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
            "-javaagent:jacoco.jar");
    assertThat(WorkerProcess.inherited(kept)).isEqualTo(kept);
    assertThat(WorkerProcess.inherited(own)).isEmpty();
  }
}
