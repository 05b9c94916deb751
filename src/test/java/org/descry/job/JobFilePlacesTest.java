package org.descry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the settings of a job were written, and jobs of several files. */
class JobFilePlacesTest {
  private static final String BASE =
      """
      name: base
      model:
        type: convnet
        stages:
          - {filters: 4}
          - filters: 8
        hidden: [16]
      data: {source: shapes}
      training:
        epochs: 3
        optimizer: {type: adam, learningRate: 0.01, beta1: 0.8}
      """;

  @TempDir private Path dir;
  private Path base;

  @BeforeEach
  void write() throws IOException {
    base = Files.writeString(dir.resolve("base.yaml"), BASE);
  }

  @Test
  void everyMistakeHasItsLineInTheOrderOfTheFile() throws IOException {
    Path file =
        Files.writeString(
            base,
            BASE.replace("filters: 8", "filters: 0")
                .replace("hidden: [16]", "hidden: [16,\n    -1]")
                .replace("epochs: 3", "epoch: 3")
                .replace("0.01", "fast"));
    assertThat(mistakes(JobFile.read(file).set("seed=x")))
        .containsExactly(
            "--set seed=x: seed is \"x\", but expected a whole number.",
            file + ": line 6: model.stages[1].filters is 0, but expected at least 1.",
            file + ": line 8: model.hidden[1] is -1, but expected at least 1.",
            file + ": line 11: unknown key training.epoch; did you mean epochs?",
            file
                + ": line 12: training.optimizer.learningRate is \"fast\", but expected a number.");
  }

  @Test
  void whatIsMissingHasTheLineOfItsSection() throws IOException {
    Path file = Files.writeString(base, BASE.replace("type: convnet", "dropout: 0.1"));
    assertThat(mistakes(JobFile.read(file)))
        .anySatisfy(
            mistake -> assertThat(mistake).startsWith(file + ": line 2: model.type is missing"));
    Files.writeString(base, BASE.replace("name: base", ""));
    assertThat(mistakes(JobFile.read(file)))
        .singleElement()
        .asString()
        .startsWith(file + ": name is missing");
  }

  @Test
  void furtherFilesAreLaidOver() throws IOException {
    Path night =
        Files.writeString(
            dir.resolve("night.yaml"),
            """
            name: night
            training:
              epochs: 30
              optimizer: {learningRate: 0.02}
            model: {hidden: [8, 8]}
            """);
    Job job = JobFile.read(List.of(base, night)).job();
    Job same =
        JobFile.read(base)
            .set("name=night")
            .set("training.epochs=30")
            .set("training.optimizer.learningRate=0.02")
            .set("model.hidden=[8, 8]")
            .job();
    assertThat(job).isEqualTo(same);
    assertThat(JobFile.read(base).job().training().epochs()).isEqualTo(3);
  }

  @Test
  void aSectionOfAnotherKindTakesThePlaceOfTheEarlierOne() throws IOException {
    Path night =
        Files.writeString(
            dir.resolve("night.yaml"), "training: {optimizer: {type: sgd, learningRate: 0.1}}\n");
    Job job = JobFile.read(List.of(base, night)).job();
    assertThat(job.training().optimizer())
        .isEqualTo(
            JobFile.read(base)
                .set("training.optimizer={type: sgd, learningRate: 0.1}")
                .job()
                .training()
                .optimizer());
    assertThat(job.training().epochs()).isEqualTo(3);
  }

  @Test
  void mistakesAndPathsBelongToTheFileThatTheyAreWrittenIn() throws IOException {
    Path folder = Files.createDirectories(dir.resolve("night"));
    Path night =
        Files.writeString(
            folder.resolve("night.yaml"),
            """
            training:
              epochs: 0
            """);
    assertThat(mistakes(JobFile.read(List.of(base, night)).set("model.hidden=[0]")))
        .containsExactly(
            "--set model.hidden=[0]: model.hidden[0] is 0, but expected at least 1.",
            night + ": line 2: training.epochs is 0, but expected at least 1.");
    Path text = Files.writeString(folder.resolve("text.txt"), "a b c");
    Files.writeString(base, "name: base\nmodel: {type: language-rnn}\n");
    Files.writeString(night, "data: {source: text, path: text.txt}\n");
    Job job = JobFile.read(List.of(base, night)).job();
    assertThat(((TextDataSettings) job.data()).path().find()).isEqualTo(text);
  }

  private static List<String> mistakes(JobFile file) {
    return catchThrowableOfType(InvalidJobException.class, file::job).mistakes();
  }
}
