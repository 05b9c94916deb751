package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedNumbersTest {
  @ParameterizedTest
  @CsvSource({
    "sample m.zip --prompt x --temperature nan,a number,nan",
    "sample m.zip --prompt x --seed 1e3,a whole number up to 9223372036854775807,1e3",
    "predict m.zip a.png --top 1.5,a whole number up to 2147483647,1.5",
    "serve m.zip --queue 99999999999,a whole number up to 2147483647,99999999999",
    "train job.yaml --split x,a whole number up to 2147483647,x",
    "data make shapes out --seed x,a whole number up to 9223372036854775807,x",
  })
  void whatIsNoNumberIsToldInTheWordsOfOtherRefusals(String line, String expected, String got) {
    Cli.Outcome outcome = Cli.here(line.split(" "));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err().lines().findFirst().orElseThrow())
        .startsWith("Invalid value for option '")
        .endsWith("': expected %s, got '%s'".formatted(expected, got));
  }
}
