package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.descry.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the files for deployment ask of the server is there. */
class DeployFilesTest {
  private static final Path FOLDER = Path.of("examples/deploy");
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");
  private static final Pattern ADDRESS = Pattern.compile("/(?:v2|metrics)[\\w/]*");

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile", "compose.yaml", "kubernetes.yaml", "descry.service"})
  void everyOptionAndAddressIsThere(String name) throws IOException {
    String text = Files.readString(FOLDER.resolve(name));
    String command =
        text.lines()
            .filter(line -> line.contains("\"--host\"") || line.contains(".jar serve "))
            .collect(Collectors.joining("\n"));
    Set<String> options =
        Main.commandLine().getSubcommands().get("serve").getCommandSpec().optionsMap().keySet();
    assertThat(OPTION.matcher(command).results().map(found -> found.group()).toList())
        .isNotEmpty()
        .isSubsetOf(options);
    JsonNode paths =
        Json.MAPPER.readTree(Files.readString(Path.of("resources/page/openapi.json"))).get("paths");
    assertThat(ADDRESS.matcher(text).results().map(found -> found.group()).toList())
        .allSatisfy(address -> assertThat(paths.has(address)).as(address).isTrue());
  }

  /** What is unpacked while the image is built is there before the first start, for no root. */
  @Test
  void theImageIsMadeInTwoStages() throws IOException {
    List<String> lines = Files.readAllLines(FOLDER.resolve("Dockerfile"));
    assertThat(lines.stream().filter(line -> line.startsWith("FROM "))).hasSize(2);
    String cache = "-Dorg.bytedeco.javacpp.cachedir=/opt/descry/natives";
    assertThat(lines.stream().filter(line -> line.contains(cache)))
        .hasSize(2)
        .anyMatch(line -> line.startsWith("RUN java ") && line.endsWith(" doctor"))
        .anyMatch(line -> line.startsWith("ENV JAVA_TOOL_OPTIONS="));
    assertThat(lines)
        .contains("COPY --from=unpacked /opt/descry /opt/descry", "USER 10001:10001")
        .anyMatch(line -> line.startsWith("HEALTHCHECK "));
    assertThat(lines.indexOf("USER 10001:10001"))
        .isGreaterThan(lines.indexOf("COPY --from=unpacked /opt/descry /opt/descry"));
  }

  @Test
  void theManifestsAreWhatTheirEnginesRead() throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    JsonNode service =
        yaml.readTree(Files.readString(FOLDER.resolve("compose.yaml"))).at("/services/descry");
    assertThat(service.get("read_only").asBoolean()).isTrue();
    List<JsonNode> documents;
    try (var values =
        yaml.readerFor(JsonNode.class)
            .<JsonNode>readValues(FOLDER.resolve("kubernetes.yaml").toFile())) {
      documents = values.readAll();
    }
    assertThat(documents)
        .extracting(document -> document.get("kind").asText())
        .containsExactly("Deployment", "Service", "PodDisruptionBudget");
    JsonNode pod = documents.get(0).at("/spec/template/spec");
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    JsonNode container = pod.at("/containers/0");
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(container.get(probe).at("/httpGet/path").asText()).startsWith("/v2/health/");
    }
    assertThat(container.at("/resources/limits").isObject()).isTrue();
    for (JsonNode mount : container.get("volumeMounts")) {
      assertThat(pod.get("volumes").findValuesAsText("name")).contains(mount.get("name").asText());
    }
  }
}
