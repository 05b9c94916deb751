package org.descry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenMpTest {
  private static final Map<String, String> BOTH =
      Map.of("DESCRY_THREADS", "3", "OMP_NUM_THREADS", "5");

  @Test
  void theFlagWinsOverOurVariableWinsOverOpenMps() {
    assertThat(OpenMp.threads(7, BOTH, 8, 16)).isEqualTo(7);
    assertThat(OpenMp.threads(null, BOTH, 8, 16)).isEqualTo(3);
    assertThat(OpenMp.threads(null, Map.of("OMP_NUM_THREADS", "5"), 8, 16)).isEqualTo(5);
  }

  @Test
  void otherwiseOneThreadACoreThatMayBeUsed() {
    assertThat(OpenMp.threads(null, Map.of(), 8, 16)).isEqualTo(8);
    assertThat(OpenMp.threads(null, Map.of(), 8, 2)).isEqualTo(2);
    assertThat(OpenMp.threads(null, Map.of(), 0, 4)).isEqualTo(4);
  }

  /** A worker that others take the processor from loses every turn. */
  @ParameterizedTest
  @CsvSource({
    "some avg10=0.00 avg60=96.33 avg300=91.38 total=24308390006, 20000",
    "some avg10=24.99 avg60=0.00 avg300=0.00 total=1, 20000",
    "some avg10=25.00 avg60=0.00 avg300=0.00 total=1, 3000",
    "some avg10=100.00 avg60=0.00 avg300=0.00 total=1, 3000",
    "avg10=1, 3000",
    "'', 3000"
  })
  void workersSpinLongerWhereTheProcessorsAreFree(String pressure, int turns, @TempDir Path dir)
      throws IOException {
    Path file = Files.writeString(dir.resolve("cpu"), pressure + "\n");
    assertThat(OpenMp.spinTurns(file)).isEqualTo(turns);
    assertThat(OpenMp.spinTurns(dir.resolve("absent"))).isEqualTo(3000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-2", "two", "", "4,2", "1025", "100000"})
  void anythingElseIsRefusedByName(String value) {
    Map<String, String> environment = Map.of("OMP_NUM_THREADS", value);
    assertThatThrownBy(() -> OpenMp.threads(null, environment, 8, 16))
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "OMP_NUM_THREADS is '%s': expected a whole number of threads, from 1 to 1024.", value);
  }
}
