package org.descry.sweep;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.descry.ExitCode;
import org.descry.UsageException;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged, hostile and odd job and sweep files give a job or a sentence, whatever is in them. */
class SettingsFilesFuzzTest {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final int MOST_LINES = 21;

  private static final List<String> VALUES =
      List.of(
          "1e400",
          "-1e-400",
          "010",
          "0x10",
          "0o7",
          "1_000",
          "1:30",
          ".inf",
          ".nan",
          "-0",
          "1e5",
          "2147483648",
          "9223372036854775808",
          "99999999999999999999999",
          "0.0",
          "-1",
          "no",
          "off",
          "y",
          "~",
          "null",
          "",
          "''",
          "\"h\\n\"",
          "\"\\0\"",
          "\"\\ud800\"",
          "\"\\x",
          "*a",
          "&a 1",
          "!!binary aGk=",
          "!!java.lang.Runtime x",
          "!x",
          "|\n  a\n  b",
          ">-\n  a\n  b",
          "[",
          "{",
          "[]",
          "{}",
          "[[1]]",
          "{a: {b: [1]}}",
          "{type: adam}",
          "{choice: [1, 1]}",
          "{int: [9, 1]}",
          "{logUniform: [0, 1]}",
          "{uniform: [1, 1e999]}",
          "{int: [-9e18, 9e18]}",
          "\t1",
          "# 1",
          "true",
          "2001-01-01",
          "../..",
          "/",
          "con",
          "${HOME}",
          "${",
          "builtin:",
          "\uFEFF",
          "\u0085",
          "%a",
          "@a",
          "`a",
          "grid",
          "convnet",
          "captioning-rnn",
          "language-rnn",
          "text",
          "halving",
          "{source: captions, captions: a}",
          "[{filters: 1}]",
          "100000000",
          "0.9999999999999999");

  private static final List<String> KEYS =
      List.of(
          "name",
          "seed",
          "model",
          "data",
          "training",
          "search",
          "budget",
          "type",
          "source",
          "<<",
          "a.b",
          "'a[0]'",
          "\"a'b\"",
          "''",
          "~",
          "1",
          "true",
          "? a",
          "when",
          "choice",
          "int",
          "step",
          "objective",
          "strategy",
          "\"$ref\"",
          "\"]\"",
          "k".repeat(300),
          "output",
          "stages");

  private interface Mutation {
    String of(String text, String other, SplittableRandom random);
  }

  private static final List<Mutation> MUTATIONS =
      List.of(
          SettingsFilesFuzzTest::bytes,
          SettingsFilesFuzzTest::cut,
          SettingsFilesFuzzTest::lines,
          (text, other, random) -> line(text, random, l -> l + " " + pick(VALUES, random)),
          SettingsFilesFuzzTest::value,
          SettingsFilesFuzzTest::value,
          SettingsFilesFuzzTest::key,
          SettingsFilesFuzzTest::nesting,
          (text, other, random) -> text + "\n" + pick(Arrays.asList(other.split("\n")), random),
          (text, other, random) -> text + "---\n" + other);

  @TempDir Path dir;

  @Test
  void someMutationsGiveAJobOrASentence() throws IOException {
    fuzz(1, 300);
  }

  @Test
  @Tag("slow")
  void manyMutationsGiveAJobOrASentence() throws IOException {
    fuzz(2, 10_000);
  }

  private void fuzz(long seed, int tries) throws IOException {
    List<String> files = shipped();
    SplittableRandom random = new SplittableRandom(seed);
    Path file = dir.resolve("settings.yaml");
    int valid = 0;
    for (int i = 0; i < tries; i++) {
      String text = files.get(i % files.size());
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        text = pick(MUTATIONS, random).of(text, pick(files, random), random);
      }
      Files.write(file, text.getBytes(ISO_8859_1));
      String mutated = text;
      valid +=
          assertTimeoutPreemptively(LONGEST, () -> check(file), () -> "no answer to\n" + mutated);
    }
    assertThat(valid).as("mutations that leave a valid file").isBetween(1, tries / 2);
  }

  /** 1 for a valid file. */
  private static int check(Path file) throws IOException {
    try {
      if (Files.readString(file, ISO_8859_1).contains("search:")) {
        assertThat(SweepFile.read(file, List.of()).candidates()).isPositive();
      } else {
        Job job = JobFile.read(file).job();
        assertThat(JobFile.parse("again", JobFile.yaml(JobFile.tree(job))).job()).isEqualTo(job);
      }
      return 1;
    } catch (UsageException e) {
      assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(e.getMessage().lines()).hasSizeBetween(1, MOST_LINES);
      assertThat(e.getMessage().lines()).allSatisfy(SettingsFilesFuzzTest::requireSentence);
      return 0;
    } catch (RuntimeException e) {
      throw new AssertionError(
          "not a mistake in a file:\n" + Files.readString(file, ISO_8859_1), e);
    }
  }

  private static void requireSentence(String line) {
    assertThat(line).matches(".*[.?]").hasSizeLessThan(2000);
    assertThat(line)
        .doesNotContain("com.fasterxml", "org.descry", "java.util", "java.io", "org.yaml");
    assertThat(line.chars()).noneMatch(Character::isISOControl);
  }

  private static List<String> shipped() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String folder : List.of("jobs", "sweeps")) {
      try (Stream<Path> files = Files.list(Path.of("resources", folder))) {
        for (Path file : files.sorted().toList()) {
          texts.add(Files.readString(file).replaceAll("(?m) *#.*$", ""));
        }
      }
    }
    return texts;
  }

  private static <T> T pick(List<T> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }

  private static String bytes(String text, String other, SplittableRandom random) {
    StringBuilder changed = new StringBuilder(text);
    for (int n = 1 + random.nextInt(4); n > 0 && !text.isEmpty(); n--) {
      changed.setCharAt(random.nextInt(changed.length()), (char) random.nextInt(256));
    }
    return changed.toString();
  }

  private static String cut(String text, String other, SplittableRandom random) {
    int from = random.nextInt(text.length() + 1);
    return random.nextBoolean()
        ? text.substring(0, from)
        : text.substring(0, from) + text.substring(random.nextInt(from, text.length() + 1));
  }

  private static String lines(String text, String other, SplittableRandom random) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    String line = lines.remove(random.nextInt(lines.size()));
    int copies = random.nextInt(3);
    for (int n = 0; n < copies; n++) {
      String indented = pick(List.of("", " ", "  ", "\t", "- "), random) + line;
      lines.add(random.nextInt(lines.size() + 1), indented);
    }
    return lines.stream().map(l -> l + "\n").collect(Collectors.joining());
  }

  private static String line(
      String text, SplittableRandom random, java.util.function.UnaryOperator<String> change) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    int i = random.nextInt(lines.size());
    lines.set(i, change.apply(lines.get(i)));
    return String.join("\n", lines) + "\n";
  }

  private static String value(String text, String other, SplittableRandom random) {
    String value = pick(VALUES, random).replace("$", "\\$");
    return line(
        text,
        random,
        l ->
            random.nextBoolean()
                ? l.replaceFirst(":( .*)?$", ": " + value)
                : l.replaceFirst("(?<=[:\\[,] )[^,{}\\[\\]]+", value));
  }

  private static String key(String text, String other, SplittableRandom random) {
    return line(
        text,
        random,
        l -> l.replaceFirst("[A-Za-z.0-9]+(?=:)", pick(KEYS, random).replace("$", "\\$")));
  }

  private static String nesting(String text, String other, SplittableRandom random) {
    int depth = pick(List.of(1, 2, 40, 60, 2000), random);
    boolean list = random.nextBoolean();
    String open = (list ? "[" : "{a: ").repeat(depth);
    String close = (list ? "]" : "}").repeat(depth);
    return line(text, random, l -> l.replaceFirst(": (.*)$", ": " + open + "$1" + close));
  }
}
