package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.cli.Cli.Outcome;
import org.descry.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What helps to set up a training: a range test, a few batches, a look at images and network. */
class TrainingAidsTest {
  @TempDir Path dir;

  @Test
  void theRangeTestFindsARateThatLearns() throws IOException {
    String job = Cli.smallJob(dir, 3);
    Outcome found =
        Cli.here(
            "train",
            job,
            "--find-lr",
            "--set",
            "training.optimizer={type: nesterov, schedule: {type: one-cycle}}",
            "--set",
            "model.weightScale=0.1");
    assertThat(found.code()).as(found.err()).isZero();
    assertThat(found.out())
        .containsPattern(
            "lowest at a learning rate of \\S+; training.optimizer.learningRate=\\S+ is a tenth");
    Path page = dir.resolve("runs/small-find-lr.html");
    assertThat(Files.readString(page)).contains("<polyline", "small: learning rates");
    assertThat(dir.resolve("runs/small")).doesNotExist();
    String rate = found.out().replaceAll("(?s).*learningRate=(\\S+) is.*", "$1");
    assertThat(Double.parseDouble(rate)).isBetween(1e-6, 1.0);
    // From tiny weights the loss stays where it is until the rate is far too large.
    Outcome none = Cli.here("train", job, "--find-lr", "--set", "training.optimizer={type: sgd}");
    assertThat(none.code()).as(none.err()).isZero();
    assertThat(none.out()).contains("No learning rate lowered the loss within ");
    assertThat(Cli.here("train", job, "--find-lr", "--fast-dev-run").code()).isEqualTo(2);
  }

  @Test
  void aFewBatchesAreLearntByHeart() throws IOException {
    String job = Cli.smallJob(dir, 30);
    Outcome trained =
        Cli.here(
            "train",
            job,
            "--overfit-batches",
            "1",
            "--set",
            "training.optimizer.learningRate=0.01",
            "--set",
            "model.weightScale=0.1");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(dir.resolve("runs/small")).doesNotExist();
    Path run = dir.resolve("runs/small-overfit");
    JsonNode first = Json.MAPPER.readTree(Files.readAllLines(run.resolve("metrics.jsonl")).get(0));
    JsonNode last = Json.MAPPER.readTree(Files.readAllLines(run.resolve("metrics.jsonl")).get(29));
    assertThat(last.get("iteration").asInt()).isEqualTo(30); // one batch of 20 images an epoch
    assertThat(last.get("trainLoss").asDouble()).isLessThan(first.get("trainLoss").asDouble() / 4);
    // The network is told of, and again in the report.
    assertThat(trained.err()).contains("multiply-adds", "A step on 20 examples needs at least ");
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("aria-label='The network'", "<h2>Filters of ");
    Outcome again = Cli.here("train", job, "--overfit-batches", "1", "--quiet");
    assertThat(again.code()).as(again.err()).isZero();
    for (String none : List.of("-1", "0")) {
      Outcome refused = Cli.here("train", job, "--overfit-batches", none);
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("'--overfit-batches': " + none + "; expected at least 1");
    }
  }

  @Test
  void everyClassIsShownAsTheTrainingSeesIt() throws IOException {
    Path job = dir.resolve("augmented.yaml");
    Files.writeString(
        job,
        Files.readString(Path.of(Cli.smallJob(dir, 1)))
            .replace("test: 10", "test: 10, augment: {mirror: true, shift: 3, cutout: 8}"));
    Path sheet = dir.resolve("sheet.html");
    Outcome shown = Cli.here("data", "inspect", job.toString(), "--augmented", sheet.toString());
    assertThat(shown.code()).as(shown.err()).isZero();
    String page = Files.readString(sheet);
    assertThat(page.split("<tr><th", -1)).hasSize(11);
    assertThat(page.split("<img", -1)).hasSize(1 + 10 * 9);
    assertThat(page).contains("circle");
    Path captions = dir.resolve("captions.yaml");
    Files.writeString(
        captions,
        "name: c\n"
            + "model: {type: captioning-rnn, stages: [{filters: 2}]}\n"
            + "data: {source: shape-captions}\n");
    Outcome refused =
        Cli.here("data", "inspect", captions.toString(), "--augmented", sheet.toString());
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("Job c is of no classifier of images; expected one");
  }

  @Test
  void aJobsNetworkIsListed() throws IOException {
    Outcome listed = Cli.here("summary", Cli.smallJob(dir, 1), "--set", "model.filters=5");
    assertThat(listed.code()).as(listed.err()).isZero();
    // 5 filters of 3 x 3 on 3 channels: 140 parameters, 135 multiply-adds at each of 32 x 32
    // places.
    assertThat(listed.out()).containsPattern("5x16x16 +140 +138,240\\R");
    assertThat(listed.out()).contains("A step on 20 examples needs at least ");
    Outcome model = Cli.here("summary", "models/shapes-captioner.zip");
    assertThat(model.code()).as(model.err()).isZero();
    assertThat(model.out()).contains("embedding", "words", "projection");
    assertThat(Cli.here("summary", "models/word-rnn.zip").code()).isZero();
    assertThat(Cli.here("summary", "models/word-rnn.zip", "--set", "a=b").code()).isEqualTo(2);
    assertThat(Cli.here("summary", dir.resolve("none.yaml").toString()).code()).isEqualTo(2);
  }
}
