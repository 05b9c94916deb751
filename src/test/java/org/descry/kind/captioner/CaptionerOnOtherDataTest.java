package org.descry.kind.captioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.data.builtin.ShapeScenes;
import org.descry.data.convert.SceneFolder;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.train.Training.Options;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** A captioner of the built-in scenes measured on captions in files. */
class CaptionerOnOtherDataTest {
  private static final int SEED = 3;

  @TempDir static Path dir;
  private static TrainedCaptioner captioner;

  private static TrainedCaptioner train(String name, String model, String data) {
    JobFile file =
        JobFile.parse(
                "job",
                """
                seed: 3
                model: {type: captioning-rnn, %s embedding: 8, hidden: 16}
                data: %s
                training: {epochs: 2, batchSize: 50, optimizer: {type: adam, learningRate: 0.01}}
                """
                    .formatted(model, data))
            .set("name=" + name)
            .set("output.dir=" + dir);
    Kinds.training(file.job(), new Options(false, false), TrainingProgress.NONE).run();
    return TrainedCaptioner.load(dir.resolve(name).resolve("model.zip"));
  }

  @BeforeAll
  static void trainOnce() {
    captioner =
        train(
            "scenes",
            "stages: [{filters: 4}],",
            "{source: shape-captions, train: 30, validation: 10, test: 12}");
    SceneFolder.write(ShapeScenes.generate(SEED, 30, 10, 12).data(), dir.resolve("made"));
  }

  private static Path made(String name) {
    return dir.resolve("made").resolve(name);
  }

  @Test
  void theTestPartOfAFileScoresAsAtTheEndOfTheTraining() {
    CaptionerEvaluation trained = captioner.evaluate();
    for (Path data : new Path[] {dir.resolve("made"), made(SceneFolder.CAPTIONS)}) {
      CaptionerEvaluation found = captioner.evaluate(data);
      assertThat(found.images()).isEqualTo(12);
      assertThat(found.metrics()).isEqualTo(trained.metrics());
      assertThat(found.greedy()).isEqualTo(trained.greedy());
      assertThat(found.loss()).isCloseTo(trained.loss(), within(1e-6));
      assertThat(found.perplexity()).isCloseTo(trained.perplexity(), within(1e-6));
      assertThat(found.trueCaptions()).isNull(); // files do not tell what is on the images
    }
  }

  @Test
  void aFileWithoutPartsCountsAsAWholeAndImagesMayLieElsewhere(@TempDir Path other)
      throws IOException {
    String lines =
        Files.readAllLines(made(SceneFolder.CAPTIONS)).stream()
            .skip(1)
            .map(line -> line.split(","))
            .map(columns -> columns[0] + "#0\t" + columns[1] + "\n")
            .collect(Collectors.joining());
    Path tokens = Files.writeString(other.resolve("captions.token"), lines);
    assertThat(captioner.evaluate(tokens, made("images")).images()).isEqualTo(52);
    assertThat(captioner.evaluate(other, made("images")).images()).isEqualTo(52);
    assertThatThrownBy(() -> captioner.evaluate(tokens))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Images of " + tokens + " missing in " + other + ": 52,");
    Files.copy(tokens, other.resolve("more.token"));
    assertThatThrownBy(() -> captioner.evaluate(other))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(other + " holds 2 caption files: " + tokens);
    assertThatThrownBy(() -> captioner.evaluate(made("images")))
        .hasMessageStartingWith(made("images") + " holds no caption file; expected one");
    assertThatThrownBy(() -> captioner.evaluate(other.resolve("none")))
        .hasMessage(
            "The caption file %s does not exist; expected a file of captions."
                .formatted(other.resolve("none")));
  }

  @Test
  void aModelOfFeaturesIsMeasuredOnFeatures(@TempDir Path other) throws IOException {
    String names = IntStream.range(0, 20).mapToObj(i -> i + ".png\n").collect(Collectors.joining());
    Files.writeString(other.resolve("features.txt"), names);
    Nd4j.writeAsNumpy(Nd4j.rand(DataType.FLOAT, 20, 6), other.resolve("features.npy").toFile());
    Path captions = other.resolve("captions.csv");
    Files.writeString(captions, "image,caption\n" + names.replace("\n", ",a red circle\n"));
    Path features = other.resolve("features.npy");
    TrainedCaptioner model =
        train(
            "features",
            "",
            "{source: captions, captions: %s, features: %s}".formatted(captions, features));
    assertThat(model.evaluate(captions, features).images()).isEqualTo(20);
    // A vocabulary of its own, for which it is too small, is not made of it.
    Path few = Files.writeString(other.resolve("few.csv"), "image,caption\n1.png,a red square\n");
    assertThat(model.evaluate(few, features).images()).isEqualTo(1);
    assertThatThrownBy(() -> model.evaluate(captions))
        .isInstanceOf(UsageException.class)
        .hasMessageEndingWith("expected --images with the features of the images in %s.", captions);
  }
}
