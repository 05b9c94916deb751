package org.descry.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.cli.Cli;
import org.descry.cli.Cli.Outcome;
import org.descry.io.Json;

/**
 * Files that people have, or something they do, and what the command line is to make of it.
 *
 * @param name number and short name
 * @param data writes files such as the case has into a folder
 * @param check runs commands in such a folder
 */
record Case(String name, Data data, Check check) {
  /** Where paths in a job file begin that would be relative to its folder. */
  static final String HERE = "@";

  static final Path MODELS = Path.of("models").toAbsolutePath();

  @FunctionalInterface
  interface Data {
    void write(Path folder) throws IOException;
  }

  @FunctionalInterface
  interface Check {
    void on(Desk desk) throws IOException;
  }

  /** Somebody with a command line in the case's folder. */
  record Desk(Path folder, Cli cli) {
    Outcome run(String... args) throws IOException {
      return cli.run(folder, args);
    }

    /** What a command prints that is done. */
    String done(String... args) throws IOException {
      Outcome outcome = run(args);
      assertThat(outcome.code()).as("%s: %s", String.join(" ", args), outcome.err()).isZero();
      return outcome.all();
    }

    /** The one sentence of a command that fails. */
    String refused(int code, String... args) throws IOException {
      Outcome outcome = run(args);
      assertThat(outcome.code())
          .as("%s: %s", String.join(" ", args), outcome.all())
          .isEqualTo(code);
      List<String> sentences =
          outcome.err().lines().filter(line -> !line.startsWith("Engine: ")).toList();
      assertThat(sentences).hasSize(1);
      assertThat(sentences.get(0)).doesNotContain("bug in Descry", "Exception");
      return sentences.get(0);
    }

    JsonNode summary(String run) throws IOException {
      return Json.MAPPER.readTree(folder.resolve("runs/%s/summary.json".formatted(run)).toFile());
    }

    /** The figures of each epoch of a run. */
    List<JsonNode> epochs(String run) throws IOException {
      List<JsonNode> epochs = new ArrayList<>();
      for (String line :
          Files.readAllLines(folder.resolve("runs/%s/metrics.jsonl".formatted(run)))) {
        epochs.add(Json.MAPPER.readTree(line));
      }
      return epochs;
    }
  }
}
