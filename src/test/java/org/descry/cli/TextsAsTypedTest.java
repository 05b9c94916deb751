package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A text is no path, which would lose a slash. */
class TextsAsTypedTest {
  @Test
  void predictTakesTextsAsTheyAreTyped(@TempDir Path dir) throws IOException {
    Files.writeString(dir.resolve("lines.txt"), "link\thttp://a/\nword\tat hap\n".repeat(20));
    Path job =
        Files.writeString(
            dir.resolve("job.yaml"),
            """
            name: links
            model: {type: sequence-rnn, embedding: 0, hidden: 4}
            data: {source: sequences, path: %s}
            training: {epochs: 1, batchSize: 8}
            output: {dir: %s}
            """
                .formatted(dir.resolve("lines.txt"), dir.resolve("runs")));
    assertThat(Cli.here("train", job.toString()).code()).isZero();
    String model = dir.resolve("runs/links/model.zip").toString();
    Cli.Outcome outcome = Cli.here("predict", model, "http://a/", "ah//", "--json");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("\"http://a/\"", "\"ah//\"");
  }
}
