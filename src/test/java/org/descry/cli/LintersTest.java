package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the linters of shells, YAML and containers say, each where it is installed. */
class LintersTest {
  private static void clean(List<String> linter, List<Path> files) throws Exception {
    assertThat(files).isNotEmpty();
    List<String> command = new ArrayList<>(linter);
    files.forEach(file -> command.add(file.toString()));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "needs " + linter.get(0));
      throw e;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).isEmpty();
    assertThat(process.waitFor()).isZero();
  }

  private static List<Path> files(String pattern, String... folders) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files
            .filter(file -> file.getFileName().toString().matches(pattern))
            .filter(Files::isRegularFile)
            .sorted()
            .forEach(found::add);
      }
    }
    return found;
  }

  @Test
  void shellcheckHasNothingToSay() throws Exception {
    List<Path> scripts = files(".*\\.sh", "docs", "examples", "models", "src");
    scripts.add(Path.of("src/dist/bin/descry"));
    clean(List.of("shellcheck"), scripts);
  }

  @Test
  void yamllintHasNothingToSay() throws Exception {
    String rules = "{extends: relaxed, rules: {line-length: disable}}";
    clean(
        List.of("yamllint", "-d", rules),
        files(".*\\.ya?ml", ".github", "examples/deploy", "resources"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hadolint", "kubeconform"})
  void containersAreDescribedRightly(String linter) throws Exception {
    Path deploy = Path.of("examples/deploy");
    clean(
        linter.equals("hadolint") ? List.of(linter) : List.of(linter, "-strict"),
        linter.equals("hadolint")
            ? List.of(deploy.resolve("Dockerfile"))
            : List.of(deploy.resolve("jobs.yaml"), deploy.resolve("kubernetes.yaml")));
  }
}
