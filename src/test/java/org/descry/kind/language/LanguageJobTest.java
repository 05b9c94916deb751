package org.descry.kind.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.DescryException;
import org.descry.io.Json;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.train.Summary;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jobs that come with the program, as their users run them. */
class LanguageJobTest {
  @TempDir Path dir;

  private Summary train(String job, String... settings) {
    JobFile file =
        JobFile.read(Path.of("resources/jobs", job))
            .set("output.dir=" + dir)
            .set(List.of(settings));
    return Kinds.training(file.job(), new Training.Options(false, false), TrainingProgress.NONE)
        .run();
  }

  private List<JsonNode> metrics(String name) throws IOException {
    return Files.readAllLines(dir.resolve(name).resolve("metrics.jsonl")).stream()
        .map(
            line -> {
              try {
                return Json.MAPPER.readTree(line);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  /** As in the systems that they are taken from: cells, starts, rates and truncation. */
  @Test
  void theReferencesOwnSettingsRun() {
    Summary words =
        train(
            "word-rnn.yaml",
            "name=words",
            "model.hidden=100",
            "model.init=uniform",
            "data.bptt=4",
            "training.optimizer.learningRate=0.005",
            "training.epochs=100");
    assertThat(((LanguageEvaluation) words.results()).testLoss()).isLessThan(2);
    Summary characters =
        train(
            "char-rnn.yaml",
            "name=characters",
            "model.cell=linear",
            "model.hidden=128",
            "model.init=uniform",
            "training.optimizer={type: sgd, learningRate: 0.05}");
    assertThat(((LanguageEvaluation) characters.results()).testLoss()).isLessThan(0.5);
    TrainedLanguageModel model =
        TrainedLanguageModel.load(dir.resolve("characters").resolve("model.zip"));
    assertThat(model.greedy("he", 9)).isEqualTo("hello world");
  }

  @Test
  void theWordRnnsLossFallsToNearZero() throws IOException {
    Summary summary = train("word-rnn.yaml");
    assertThat(((LanguageEvaluation) summary.results()).testLoss()).isLessThan(0.05);
    List<JsonNode> epochs = metrics("word-rnn");
    assertThat(epochs.get(0).get("trainLoss").asDouble()).isGreaterThan(1.5);
    assertThat(epochs.get(epochs.size() - 1).get("trainLoss").asDouble()).isLessThan(0.05);
    assertThat(epochs.get(0).has("validationBitsPerCharacter")).isFalse();
    TrainedLanguageModel model =
        TrainedLanguageModel.load(dir.resolve("word-rnn").resolve("model.zip"));
    assertThat(model.greedy("我们", 4)).isEqualTo("我们 今天 一起 学习 语言");
    assertThat(model.greedy("他", 4)).isEqualTo("他 昨天 在家 看 电影");
    assertThatThrownBy(() -> model.greedy("她", 4))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("\"她\" is not among the 11 tokens");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: language-rnn, embedding: 0, hidden: 64}",
        "{type: language-rnn, embedding: 0, hidden: 64, rnn: lstm}",
        "{type: language-rnn, embedding: 0, hidden: 64, rnn: gru, init: uniform}",
        "{type: language-rnn, embedding: 64, hidden: 64, rnn: lstm, tied: true}"
      })
  void theCharacterRnnCompletesHelloWorld(String settings) {
    train("char-rnn.yaml", "model=" + settings);
    TrainedLanguageModel model =
        TrainedLanguageModel.load(dir.resolve("char-rnn").resolve("model.zip"));
    assertThat(model.greedy("he", 9)).isEqualTo("hello world");
    assertThat(model.sample("hello w", 4, 0.2, 3)).isEqualTo("hello world");
    assertThatThrownBy(() -> model.greedy("", 4))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("no tokens");
  }

  @Test
  void aLargerTextIsMeasuredInBitsPerCharacter() throws IOException {
    Summary summary =
        train(
            "char-rnn.yaml",
            "name=license",
            "data.path=LICENSE",
            "data.steps=40",
            "data.validation=0.1",
            "data.test=0.1",
            "model.hidden=64",
            "training.batchSize=16",
            "training.weightAverage=0.9",
            "training.epochs=4");
    JsonNode written = Json.MAPPER.readTree(dir.resolve("license/summary.json").toFile());
    double bits = written.get("bitsPerCharacter").asDouble();
    double uniform = Math.log(72) / Math.log(2);
    assertThat(bits).isBetween(1.0, uniform - 1);
    assertThat(written.get("perplexity").asDouble()).isCloseTo(Math.pow(2, bits), within(1e-6));
    List<JsonNode> epochs = metrics("license");
    assertThat(epochs.get(3).get("validationBitsPerCharacter").asDouble())
        .isLessThan(epochs.get(0).get("validationBitsPerCharacter").asDouble());
    assertThat(epochs.get(3).get("trainLoss").asDouble())
        .isLessThan(epochs.get(0).get("trainLoss").asDouble());
    assertThat(summary.evaluation().headline()).contains("bits per character");
    assertThat(Files.readString(dir.resolve("license/report.html"))).contains("<h2>Sample</h2>");
  }

  @Test
  void settingsOfLinesGoWithLinesAndUntiedWeights() {
    assertThatThrownBy(() -> train("char-rnn.yaml", "data.bptt=3"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("bptt is 3, but expected sequences: lines with it");
    assertThatThrownBy(() -> train("char-rnn.yaml", "data.bucketing=true"))
        .hasMessageContaining("bucketing is true, but expected sequences: lines with it");
    assertThatThrownBy(
            () -> train("word-rnn.yaml", "model.tied=true", "model.embedding=20", "data.bptt=3"))
        .hasMessageContaining("model.tied is true, but expected data.bptt 0 with it, and not 3");
    assertThatThrownBy(
            () ->
                train(
                    "word-rnn.yaml", "model.tied=true", "model.embedding=20", "model.init=uniform"))
        .hasMessageContaining("model.tied is true, but expected model.init normal with it");
  }

  /** As far back as a line is long is all of it; less is another gradient. */
  @Test
  void bpttCutsGradientsOfLines() throws IOException {
    double[] losses = new double[3];
    String[] bptt = {"0", "5", "1"};
    for (int i = 0; i < losses.length; i++) {
      train("word-rnn.yaml", "name=b" + i, "training.epochs=3", "data.bptt=" + bptt[i]);
      losses[i] = metrics("b" + i).get(2).get("trainLoss").asDouble();
    }
    assertThat(losses[1]).isEqualTo(losses[0]);
    assertThat(losses[2]).isNotEqualTo(losses[0]);
  }

  @Test
  void tiedWeightsNeedVectorsAsWideAsTheState() {
    assertThatThrownBy(() -> train("char-rnn.yaml", "model.tied=true"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(
            "tied is true, but expected an embedding as wide as hidden, 64, and not 0");
  }

  @Test
  void aTextTooShortForAPartIsAMistake() {
    assertThatThrownBy(() -> train("char-rnn.yaml", "data.steps=11"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("the training part has 11 tokens; expected at least 12");
    assertThatThrownBy(() -> train("char-rnn.yaml", "data.validation=0.2"))
        .hasMessageContaining("the training part has 9 tokens");
    assertThatThrownBy(() -> train("char-rnn.yaml", "data.source=shapes"))
        .isInstanceOf(DescryException.class);
    assertThatThrownBy(() -> train("char-rnn.yaml", "training.labelSmoothing=0.1"))
        .hasMessageContaining("training.labelSmoothing is 0.1, but expected 0");
  }
}
