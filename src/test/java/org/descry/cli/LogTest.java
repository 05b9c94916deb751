package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.descry.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands on which stream, and how. */
class LogTest {
  @TempDir Path dir;

  private String job() throws IOException {
    return Cli.smallJob(dir, 2);
  }

  @Test
  void progressIsJsonOnStandardError() throws IOException {
    Cli.Outcome trained = Cli.here("train", job(), "--log", "json");
    assertThat(trained.code()).isZero();
    assertThat(trained.out().lines()).singleElement().asString().startsWith("Test accuracy ");
    List<JsonNode> events = events(trained.err());
    assertThat(events)
        .extracting(event -> event.path("event").asText())
        .containsExactly("started", "epoch", "epoch", "summary");
    assertThat(events.get(0).path("examples").asInt()).isEqualTo(40);
    List<String> epochs = Files.readAllLines(dir.resolve("runs/small/metrics.jsonl"));
    assertThat(events.get(2).path("validationLoss"))
        .isEqualTo(Json.MAPPER.readTree(epochs.get(1)).path("validationLoss"));
    assertThat(events.get(3).at("/summary/epochs").asInt()).isEqualTo(2);
  }

  @Test
  void aFailureIsOneObject() throws IOException {
    Cli.Outcome refused = Cli.here("train", job(), "--set", "training.epochs=0", "--log=json");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(events(refused.err()))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.path("event").asText()).isEqualTo("failure");
              assertThat(event.path("exitCode").asInt()).isEqualTo(2);
              assertThat(event.path("message").asText()).contains("training.epochs is 0");
              assertThat(event.has("stackTrace")).isFalse();
            });
    Cli.Outcome traced =
        Cli.here("train", job(), "--set", "training.epochs=0", "--log=json", "--debug");
    assertThat(events(traced.err()).get(0).path("stackTrace").asText())
        .contains("InvalidJobException", "\tat org.descry");
    assertThat(Cli.here("train", job(), "--log=xml").code()).isEqualTo(2);
  }

  @Test
  void quietPrintsTheResultAlone() throws IOException {
    Cli.Outcome trained = Cli.here("train", job(), "--quiet");
    assertThat(trained.code()).isZero();
    assertThat(trained.out().lines()).singleElement().asString().startsWith("Test accuracy ");
    assertThat(trained.err()).isEmpty();
  }

  private static List<JsonNode> events(String err) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : err.lines().toList()) {
      JsonNode event = Json.MAPPER.readTree(line);
      assertThat(Instant.parse(event.path("time").asText())).isBefore(Instant.now());
      events.add(event);
    }
    return events;
  }
}
