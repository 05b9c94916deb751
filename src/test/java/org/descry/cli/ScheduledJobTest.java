package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pods of examples/deploy/jobs.yaml, as a scheduler starts and ends them. */
class ScheduledJobTest {
  private static final Path MANIFEST = Path.of("examples/deploy/jobs.yaml");

  @TempDir Path dir;

  private static List<JsonNode> documents() throws IOException {
    try (var values =
        new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(MANIFEST.toFile())) {
      return values.readAll();
    }
  }

  /** What a pod runs behind {@code java -jar descry.jar}, in this test's folder. */
  private String[] arguments(JsonNode pod, String run) {
    List<String> arguments = new ArrayList<>();
    JsonNode container = pod.at("/containers/0");
    container.get("command").forEach(word -> arguments.add(word.asText()));
    assertThat(arguments.subList(0, 3)).containsExactly("java", "-jar", "/opt/descry/descry.jar");
    container.get("args").forEach(word -> arguments.add(word.asText()));
    return arguments.subList(3, arguments.size()).stream()
        .map(word -> word.replace("$(RUN)", run))
        .map(word -> word.replace("/data/", dir + "/").replace("/runs", dir + "/runs"))
        .toArray(String[]::new);
  }

  private int run(String[] arguments, boolean terminated) throws Exception {
    Path err = dir.resolve("err.txt");
    Process pod =
        Cli.program(Main.class, arguments)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start();
    try {
      while (terminated && pod.isAlive() && !Files.readString(err).contains("\"epoch\":1,")) {
        Thread.sleep(20);
      }
      if (terminated) {
        pod.destroy(); // SIGTERM
      }
      assertThat(pod.waitFor(100, TimeUnit.SECONDS)).isTrue();
      return pod.exitValue();
    } finally {
      pod.destroyForcibly();
    }
  }

  private void job(String limit) throws IOException {
    Files.writeString(
        dir.resolve("job.yaml"),
        """
        name: nightly
        model: {type: three-layer-convnet, filters: 2, filterSize: 3, hidden: 4}
        data: {source: shapes, train: 20, validation: 10, test: 10}
        training: {epochs: 100000, batchSize: 10, maxTime: %s}
        """
            .formatted(limit));
  }

  @Test
  void aPodThatIsTerminatedIsFollowedByOneThatGoesOn() throws Exception {
    JsonNode pod = documents().get(0).at("/spec/jobTemplate/spec/template/spec");
    String[] first = arguments(pod, "night-1");
    Path runs = dir.resolve("runs/nightly");
    job("1h");
    assertThat(run(first, true)).isEqualTo(75);
    assertThat(runs.resolve("night-1/summary.json")).doesNotExist();
    long begun = Files.readAllLines(runs.resolve("night-1/metrics.jsonl")).size();
    job("1s"); // which ends it
    assertThat(run(first, false)).isZero();
    assertThat(Files.readAllLines(runs.resolve("night-1/metrics.jsonl")))
        .hasSizeGreaterThanOrEqualTo((int) begun);
    byte[] model = Files.readAllBytes(runs.resolve("night-1/model.zip"));
    assertThat(run(arguments(pod, "night-2"), false)).isZero();
    assertThat(runs.resolve("night-2/model.zip")).isNotEmptyFile();
    assertThat(runs.resolve("LATEST")).hasContent("night-2");
    assertThat(runs.resolve("night-1/model.zip")).hasBinaryContent(model);
  }

  @Test
  void theManifestIsOneThatRestartsRightly() throws IOException {
    List<JsonNode> documents = documents();
    assertThat(documents)
        .extracting(document -> document.get("kind").asText())
        .containsExactly("CronJob", "Job");
    JsonNode nightly = documents.get(0).at("/spec/jobTemplate/spec");
    JsonNode once = documents.get(1).get("spec");
    assertThat(once).isEqualTo(nightly);
    assertThat(documents.get(0).at("/spec/concurrencyPolicy").asText()).isEqualTo("Forbid");
    JsonNode pod = once.at("/template/spec");
    assertThat(pod.get("restartPolicy").asText()).isEqualTo("Never"); // as the policy asks for
    assertThat(once.at("/podFailurePolicy/rules/1/onExitCodes/values/0").asInt()).isEqualTo(75);
    assertThat(once.at("/podFailurePolicy/rules/2/onPodConditions/0/status").asText())
        .isEqualTo("True"); // which the API's schema requires
    assertThat(pod.at("/containers/0/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    for (JsonNode mount : pod.at("/containers/0/volumeMounts")) {
      assertThat(pod.get("volumes").findValuesAsText("name")).contains(mount.get("name").asText());
    }
  }
}
