package org.descry.job;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.DoubleNode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.descry.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file of settings may not hold, however it is written. */
class JobFileRulesTest {
  private static final String JOB =
      """
      name: small
      model: {type: three-layer-convnet}
      data: {source: shapes}
      """;

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {"010", "-010", "00", "08", "0x10", "0o10", "0b11", "1_000", "1:30", "1:30:00"})
  void aNumberThatReadersDisagreeOnIsRefused(String number) {
    String reason =
        number
            + " is a different number to different readers of YAML; expected a plain decimal"
            + " number, or quotes around a text.";
    assertThatThrownBy(() -> JobFile.parse("j.yaml", JOB + "seed: " + number))
        .isInstanceOf(UsageException.class)
        .hasMessage("j.yaml: line 4, column 7: seed: " + reason);
    assertThatThrownBy(() -> JobFile.parse("j.yaml", JOB).set("seed=" + number))
        .hasMessage("--set seed=" + number + ": line 1, column 1: " + reason);
  }

  @ParameterizedTest
  @CsvSource({"5,5", "+5,5", "-3,-3", "1e2,100", "0,0", "10.0,10"})
  void aPlainDecimalNumberIsTheNumber(String number, long seed) {
    assertThat(JobFile.parse("j.yaml", JOB + "seed: " + number).job().seed()).isEqualTo(seed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"010", "1_000", "1:30", "0o7", "1.10", "no", ".inf", "null", "1e5", "0x1f"})
  void inQuotesItIsText(String text) {
    Job job = JobFile.parse("j.yaml", JOB + "output: {dir: \"" + text + "\"}").job();
    assertThat(job.output().dir()).isEqualTo(text);
    assertThat(JobFile.parse("again", JobFile.resolved(job)).job()).isEqualTo(job);
  }

  @ParameterizedTest
  @CsvSource({
    "1e400, too large for a number; expected 0 or a magnitude from 1.2e-38 to 3.4e38",
    "-1e400, too large for a number; expected 0 or a magnitude from 1.2e-38 to 3.4e38",
    "1e-400, too small for a number; expected 0 or a magnitude from 1.2e-38 to 3.4e38",
    "1e39, too large for a number; expected 0 or a magnitude from 1.2e-38 to 3.4e38",
    "-1e-39, too small for a number; expected 0 or a magnitude from 1.2e-38 to 3.4e38",
    ".inf, no setting; expected a finite number",
    ".NaN, no setting; expected a finite number"
  })
  void aNumberThatIsNotFiniteIsNoSetting(String number, String reason) {
    String optimizer = "training: {optimizer: {type: adam, learningRate: %s}}\n";
    assertThatThrownBy(() -> JobFile.parse("j.yaml", JOB + optimizer.formatted(number)))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(
            "j.yaml: line 4, column 50: training.optimizer.learningRate: " + number)
        .hasMessageEndingWith(" is " + reason + ".");
  }

  @Test
  void neitherIsOneThatAProgramSets() {
    JobFile file = JobFile.parse("j.yaml", JOB);
    var infinite = DoubleNode.valueOf(Double.POSITIVE_INFINITY);
    assertThatThrownBy(() -> file.set("training.optimizer.learningRate", infinite, "here").job())
        .hasMessage(
            "here: training.optimizer.learningRate is \"Infinity\", but expected 0 or a"
                + " magnitude from 1.2e-38 to 3.4e38.");
    assertThatThrownBy(
            () -> file.set("training.optimizer.learningRate", DoubleNode.valueOf(1e39), "").job())
        .hasMessageEndingWith("is 1.0E39, but expected 0 or a magnitude from 1.2e-38 to 3.4e38.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"h\\n\"", "\"h\\r\"", "\"h\\0\"", "\"h\\e[31m\"", "\"\\ud800\"", "|\n  h\n  i"})
  void aTextIsOneLineOfCharacters(String text) {
    for (String key : new String[] {"name", "output.dir", "data.source", "unknown"}) {
      assertThatThrownBy(() -> JobFile.parse("j.yaml", JOB).set(key + "=" + text))
          .isInstanceOf(UsageException.class)
          .hasMessageEndingWith("; expected text on one line.");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h\\n", "../h", "a/b", "a\\\\b", ".", "..", "", " ", "CON", "nul.txt", "com1", "a."
      })
  void aNameIsOneThatAnyDiskTakes(String name) {
    assertThatThrownBy(() -> JobFile.parse("j.yaml", JOB).set("name=\"" + name + '"').job())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no", "off", "yes", "1.10", "12"})
  void whatYamlTakesForSomethingElseNeedsQuotes(String text) {
    assertThatThrownBy(() -> JobFile.parse("j.yaml", JOB).set("output.dir=" + text).job())
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith("but expected text, in quotes where YAML reads a number, yes or no.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'---\nname: b' | j.yaml: line 5, column 1: a second document begins here; expected one.",
        "'x: !!int \"3\"' | j.yaml: line 4, column 4: the tag !tag:yaml.org,2002:int is not"
            + " supported; expected the value alone.",
        "'? [a]\n: b' | j.yaml: line 4, column 4: Expected a field name; expected valid YAML.",
        "'<<: *a' | j.yaml: line 4, column 5: the alias *a is not supported; expected the value"
            + " itself.",
      })
  void whatASettingsFileHasNoUseForIsNamed(String line, String message) {
    assertThatThrownBy(() -> JobFile.parse("j.yaml", JOB + line)).hasMessage(message);
  }

  @Test
  void atMostTwentyMistakesArePrinted() {
    String unknown =
        IntStream.range(0, 30).mapToObj(i -> "zz" + i + ": 1\n").collect(Collectors.joining());
    assertThatThrownBy(() -> JobFile.parse("j.yaml", JOB + unknown).job())
        .isInstanceOfSatisfying(
            InvalidJobException.class, e -> assertThat(e.mistakes()).hasSize(30))
        .hasMessageMatching("(?s)(.*\n){20}and 10 more\\.");
  }

  @Test
  void longTextsAreCutInMessages() {
    String longKey = "k".repeat(500);
    assertThatThrownBy(() -> JobFile.parse("j.yaml", JOB + longKey + ": 1").job())
        .hasMessageStartingWith("j.yaml: unknown key kkkk")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(dir.resolve("job.yaml"), bytes);
  }

  @Test
  void aFileOverOneMegabyteIsRefusedBeforeItIsParsed() throws IOException {
    byte[] comment = ("#" + "x".repeat(1 << 20)).getBytes(UTF_8);
    assertThatThrownBy(() -> JobFile.read(file(comment)))
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith(": larger than 1 MB (1,048,576 bytes); expected a job file in YAML.");
    byte[] most = (JOB + "#" + "x".repeat((1 << 20) - JOB.length() - 1)).getBytes(UTF_8);
    assertThat(JobFile.read(file(most)).job().name()).isEqualTo("small");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFile() throws IOException {
    assertThat(JobFile.read(file(("\uFEFF" + JOB).getBytes(UTF_8))).job().name())
        .isEqualTo("small");
  }

  @Test
  void otherEncodingsAreNamed() throws IOException {
    for (Charset other : new Charset[] {UTF_16, UTF_16LE}) {
      Path file = file(JOB.getBytes(other));
      assertThatThrownBy(() -> JobFile.read(file))
          .isInstanceOf(UsageException.class)
          .hasMessageMatching(
              ".*(UTF-16 text, not UTF-8; expected a job file|U\\+0000; expected text) in YAML\\.");
    }
  }

  @Test
  void aPipeThatNobodyWritesIsNotWaitedFor() throws Exception {
    Path zero = Path.of("/dev/zero");
    assumeTrue(Files.exists(zero), "no /dev/zero here");
    Path pipe = dir.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "no mkfifo");
    for (Path file : new Path[] {zero, pipe}) {
      assertThatThrownBy(() -> JobFile.read(file))
          .isInstanceOf(UsageException.class)
          .hasMessage(file + ": not a regular file; expected a job file in YAML.");
    }
  }
}
