package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bin/descry of the distribution calls Java with; the Java here says what it was given. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class StartScriptTest {
  @TempDir private Path dir;
  private Path cache;

  private record Run(int exit, List<String> lines) {
    String archive(String option) {
      return lines.stream().filter(line -> line.startsWith(option)).findFirst().orElse(null);
    }
  }

  @BeforeEach
  void unpack() throws IOException {
    Files.createDirectories(dir.resolve("home/bin"));
    Files.createDirectories(dir.resolve("home/lib"));
    Files.writeString(dir.resolve("home/lib/descry.jar"), "classes");
    Files.copy(Path.of("src/dist/bin/descry"), dir.resolve("home/bin/descry"));
    Path java = Files.createDirectories(dir.resolve("java/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nfor one in \"$@\"; do echo \"$one\"; done\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    java("17.0.15");
    cache = dir.resolve("cache");
  }

  private void java(String version) throws IOException {
    Files.writeString(dir.resolve("java/release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  private Run run(String cacheFolder, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("sh", dir.resolve("home/bin/descry").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process
        .environment()
        .putAll(Map.of("JAVA_HOME", dir.resolve("java").toString(), "DESCRY_CACHE", cacheFolder));
    process.environment().remove("DESCRY_JAVA_OPTS");
    Process running = process.start();
    String text = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(running.waitFor(), text.lines().toList());
  }

  @ParameterizedTest
  @CsvSource({"17.0.15,0", "21.0.2,0", "22,1", "25.0.1,2", "26-ea,2"})
  void flagsSuitTheJava(String version, int accesses) throws Exception {
    java(version);
    Run run = run("off", "train", "a job.yaml");
    assertThat(run.exit).isZero();
    assertThat(run.lines.stream().filter(line -> line.startsWith("--"))).hasSize(accesses);
    assertThat(run.lines)
        .contains("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        .endsWith("org.descry.cli.Main", "train", "a job.yaml");
  }

  @ParameterizedTest
  @CsvSource({"11.0.22,11", "1.8.0_392,8"})
  void anOldJavaIsRefused(String version, String feature) throws Exception {
    java(version);
    Run run = run("off", "train");
    assertThat(run.exit).isEqualTo(1);
    assertThat(run.lines).hasSize(1);
    assertThat(run.lines.get(0))
        .contains("is Java " + feature + "; expected Java 17 or newer")
        .contains(dir.resolve("java").toString());
  }

  @Test
  void aMissingJavaIsOneSentence() throws Exception {
    Files.delete(dir.resolve("java/release"));
    Files.delete(dir.resolve("java/bin/java"));
    Run run = run("off", "train");
    assertThat(run.exit).isEqualTo(1);
    assertThat(run.lines).hasSize(1);
    assertThat(run.lines.get(0)).startsWith("There is no Java at " + dir.resolve("java/bin/java"));
  }

  @Test
  void anAnswerLeavesItsClassesForAllLaterStarts() throws Exception {
    String makes = "-XX:ArchiveClassesAtExit=";
    String takes = "-XX:SharedArchiveFile=";
    Run training = run(cache.toString(), "train", "job.yaml");
    assertThat(training.archive(makes)).isNull();
    assertThat(training.archive(takes)).isNull();
    Path classes = Path.of(run(cache.toString(), "predict").archive(makes).split("=")[1]);
    assertThat(classes.getParent()).isEqualTo(cache);

    Files.write(classes, new byte[64]); // a JVM that still writes, or was ended meanwhile
    assertThat(run(cache.toString(), "predict").archive(makes)).isEqualTo(makes + classes);
    Files.write(classes, new byte[] {1, 2, 3, 4, 5});
    for (String command : List.of("predict", "train")) {
      Run later = run(cache.toString(), command);
      assertThat(later.archive(takes)).isEqualTo(takes + classes);
      assertThat(later.archive(makes)).isNull();
    }
    Files.writeString(dir.resolve("home/lib/descry.jar"), "other classes");
    assertThat(run(cache.toString(), "predict").archive(makes))
        .isNotNull()
        .doesNotContain(classes.toString());
    java("21.0.2");
    assertThat(run(cache.toString(), "train").archive(takes)).isNull();
  }

  @Test
  void withoutAPlaceForClassesItStartsAsEver() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "");
    for (String place : List.of("off", file.resolve("below").toString())) {
      Run run = run(place, "predict");
      assertThat(run.exit).isZero();
      assertThat(run.lines).noneMatch(line -> line.contains("Archive") || line.contains("Xlog"));
    }
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files.map(one -> one.getFileName().toString()))
          .containsExactlyInAnyOrder("home", "java", "file");
    }
  }
}
