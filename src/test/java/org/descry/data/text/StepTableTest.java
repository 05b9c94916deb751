package org.descry.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepTableTest {
  @TempDir private Path dir;

  private StepTable read(String text) throws IOException {
    Path file = Files.writeString(dir.resolve("s.csv"), text);
    return StepTable.read(file, 0, Intake.strict());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,-2.5\n.5,4e-1\n",
        "1,-2.5\r\n.5,4e-1\r\n\r\n",
        "\uFEFF 1 , -2.50\n+0.5,0.4",
        "1.,-2.5\n0.5,4E-1\n \n"
      })
  void readsStepsAsProgramsWriteThem(String text) throws IOException {
    StepTable steps = read(text);
    assertThat(steps.width()).isEqualTo(2);
    assertThat(steps.numbers()).containsExactly(1, -2.5f, 0.5f, 0.4f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",^          | line 1: has nothing behind its last comma; expected a finite number.",
        "1,2^3,4,,,^ | line 2: has nothing behind its last comma; expected a finite number.",
        "1,2^,4^     | line 2: has \"\"; expected a finite number.",
        "1,2^3^      | line 2: has 1 numbers; expected 2 as in the first step.",
        "1^^2^       | line 2: has \"\"; expected a finite number.",
        "1f^         | line 1: has \"1f\"; expected a finite number.",
        "0x1p3^      | line 1: has \"0x1p3\"; expected a finite number.",
        "NaN^        | line 1: has \"NaN\"; expected a finite number.",
        "-Infinity^  | line 1: has \"-Infinity\"; expected a finite number.",
        "1e999^      | line 1: has \"1e999\", which is beyond what float32 holds; expected a number"
            + " from",
        "1,-1e300^   | line 1: has \"-1e300\", which is beyond what float32 holds; expected a"
            + " number",
        "^           | has no steps; expected a step a line.",
      })
  void whatIsNoStepIsNamedByItsLine(String text, String reason) {
    assertThatThrownBy(() -> read(text.replace('^', '\n')))
        .isInstanceOf(BadRecordException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void messagesStayShortWhateverIsRead() {
    assertThatThrownBy(() -> read("\0".repeat(100_000)))
        .isInstanceOf(BadRecordException.class)
        .message()
        .hasSizeLessThan(400);
  }

  @Test
  void whatIsNoFileIsToldSo() {
    assertThatThrownBy(() -> StepTable.read(dir, 0, Intake.strict()))
        .isInstanceOf(DataException.class)
        .hasMessage(dir + ": is a folder; expected a CSV file with a step a line.");
    assertThatThrownBy(() -> StepTable.read(dir.resolve("x"), 0, Intake.strict()))
        .hasMessage(dir.resolve("x") + ": no such file; expected a CSV file with a step a line.");
  }
}
