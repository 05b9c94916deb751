package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.ModelArchive;
import org.descry.io.Json;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;
import org.descry.train.Summary;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.descry.train.folder.FinishedRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a line of metrics.jsonl means. */
class EpochFiguresTest {
  private static final String NOTHING_IS_LEARNT = "{type: sgd, learningRate: 1e-30}";

  @TempDir Path dir;
  private Path text;

  private Summary train(String name, String... settings) throws IOException {
    text = Files.writeString(dir.resolve("text.txt"), "a b c d\nb d a\nc a d b a c\n".repeat(20));
    JobFile job =
        JobFile.parse(
                "job",
                """
                model: {type: language-rnn, embedding: 4, hidden: 6}
                data: {source: text, path: x, unit: word, sequences: lines, steps: 6}
                training: {epochs: 7, batchSize: 6, optimizer: {type: adam, learningRate: 0.01}}
                """)
            .set("name=" + name)
            .set("data.path=" + text)
            .set("output.dir=" + dir)
            .set(List.of(settings));
    return Kinds.training(job.job(), new Training.Options(false, false), TrainingProgress.NONE)
        .run();
  }

  private List<EpochMetrics> epochs(String name) {
    return FinishedRun.read(dir.resolve(name)).epochs();
  }

  @Test
  void everyThirdEpochIsEvaluatedAndTheLast() throws IOException {
    Summary summary =
        train(
            "thirds",
            "training.evaluateEvery=3",
            "training.optimizer.schedule={type: cosine, end: 0.1}");
    List<Integer> evaluated = new ArrayList<>();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(dir.resolve("thirds/metrics.jsonl"))) {
      JsonNode epoch = Json.MAPPER.readTree(line);
      lines.add(epoch);
      assertThat(epoch.has("validationPerplexity")).isEqualTo(epoch.has("validationLoss"));
      assertThat(epoch.get("trainLoss").asDouble()).isPositive();
      if (epoch.has("validationLoss")) {
        evaluated.add(epoch.get("epoch").asInt());
      }
    }
    assertThat(evaluated).containsExactly(3, 6, 7);
    assertThat(summary.bestEpoch()).isIn(evaluated);
    assertThat(lines.get(6).get("learningRate").asDouble()).isCloseTo(0.001, within(1e-12));
    FinishedRun run = FinishedRun.read(dir.resolve("thirds"));
    assertThat(run.metric("validationLoss").orElseThrow()).isEqualTo(summary.validationLoss());
    String report = Files.readString(dir.resolve("thirds/report.html"));
    assertThat(report).contains("Learning rate", "validation, epoch 6").doesNotContain("NaN");
  }

  @Test
  void anEvaluationLessChangesNothingElse() throws IOException {
    train("always");
    train("rarely", "training.evaluateEvery=4");
    List<EpochMetrics> always = epochs("always");
    List<EpochMetrics> rarely = epochs("rarely");
    for (int i = 0; i < 7; i++) {
      assertThat(rarely.get(i).trainLoss()).isEqualTo(always.get(i).trainLoss());
      assertThat(rarely.get(i).learningRate()).isEqualTo(0.01);
      assertThat(rarely.get(i).validationLoss())
          .isEqualTo(i == 3 || i == 6 ? always.get(i).validationLoss() : null);
    }
  }

  @Test
  void theEpochThatTheTimeEndsIsEvaluated() throws IOException {
    Summary summary = train("short", "training.evaluateEvery=5", "training.maxTime=0.001s");
    assertThat(summary.ended()).isEqualTo("maxTime");
    assertThat(epochs("short")).hasSize(1);
    assertThat(epochs("short").get(0).evaluated()).isTrue();
  }

  @Test
  void halvingIsSeenInTheNextLine() throws IOException {
    train(
        "halving",
        "training.evaluateEvery=7",
        "training.optimizer={type: sgd, learningRate: 8, schedule: {type: halving}}");
    List<EpochMetrics> epochs = epochs("halving");
    double rate = 8;
    for (int i = 0; i < epochs.size(); i++) {
      if (i >= 2 && epochs.get(i - 1).trainLoss() > epochs.get(i - 2).trainLoss()) {
        rate /= 2;
      }
      assertThat(epochs.get(i).learningRate()).isEqualTo(rate);
    }
    assertThat(rate).isLessThan(8);
  }

  @Test
  void thePenaltyIsInTheTrainingLossAlone() throws IOException {
    train("plain", "training.epochs=1", "training.optimizer=" + NOTHING_IS_LEARNT);
    train(
        "penalized",
        "training.epochs=1",
        "training.l2=0.5",
        "training.optimizer=" + NOTHING_IS_LEARNT);
    EpochMetrics plain = epochs("plain").get(0);
    EpochMetrics penalized = epochs("penalized").get(0);
    ComputationGraph network = ModelArchive.read(dir.resolve("penalized/model.zip")).network();
    double penalty = network.calcRegularizationScore(true);
    assertThat(penalty).isGreaterThan(0.1);
    assertThat(penalized.trainLoss()).isCloseTo(plain.trainLoss() + penalty, within(1e-4));
    assertThat(penalized.validationLoss()).isEqualTo(plain.validationLoss());
  }

  @Test
  void weightDecayIsInNoLoss() throws IOException {
    train("decayed", "training.epochs=1", "training.optimizer={type: adamw, weightDecay: 0.5}");
    train("plain", "training.epochs=1", "training.optimizer={type: adamw, weightDecay: 0}");
    assertThat(epochs("decayed").get(0).validationLoss())
        .isNotEqualTo(epochs("plain").get(0).validationLoss());
    // Before the first step all weights are the same, so that a single batch has a single loss.
    String whole = "training.batchSize=1000";
    train("decayed-1", whole, "training.epochs=1", "training.optimizer={type: adamw}");
    train("plain-1", whole, "training.epochs=1", "training.optimizer={type: adam}");
    assertThat(epochs("decayed-1").get(0).trainLoss())
        .isCloseTo(epochs("plain-1").get(0).trainLoss(), within(1e-6));
  }

  @Test
  void aClassifiersWeightDecayIsInNoLossEither() throws IOException {
    String[] settings = {
      "model={type: three-layer-convnet, filters: 4, hidden: 8, weightScale: 0.3}",
      "data={source: shapes, train: 40, validation: 20, test: 20}",
      "training.batchSize=1000",
      "training.epochs=1"
    };
    train("decayed", add(settings, "training.optimizer={type: adamw, weightDecay: 9}"));
    train("plain", add(settings, "training.optimizer={type: adam, learningRate: 0.001}"));
    train("smooth", add(settings, "training.labelSmoothing=0.3"));
    double plain = epochs("plain").get(0).trainLoss();
    assertThat(epochs("decayed").get(0).trainLoss()).isCloseTo(plain, within(1e-6));
    assertThat(epochs("smooth").get(0).trainLoss()).isNotCloseTo(plain, within(1e-6));
  }

  private static String[] add(String[] settings, String last) {
    return Stream.concat(Stream.of(settings), Stream.of(last)).toArray(String[]::new);
  }

  @Test
  void theAverageIsMeasuredAndTheWeightsAreTrained() throws IOException {
    train("weights");
    train("average", "training.weightAverage=0.99");
    List<EpochMetrics> weights = epochs("weights");
    List<EpochMetrics> average = epochs("average");
    IntStream.range(0, 7)
        .forEach(
            i -> {
              assertThat(average.get(i).trainLoss()).isEqualTo(weights.get(i).trainLoss());
              assertThat(average.get(i).validationLoss())
                  .isNotEqualTo(weights.get(i).validationLoss());
            });
  }

  @Test
  void aLineOfAnEarlierVersionIsRead() throws IOException {
    EpochMetrics old =
        Json.MAPPER.readValue(
            "{\"epoch\":1,\"iteration\":2,\"trainLoss\":3.0,\"validationLoss\":4.0,"
                + "\"validationAccuracy\":0.5,\"examplesPerSecond\":6.0,\"seconds\":7.0}",
            EpochMetrics.class);
    assertThat(old.learningRate()).isNull();
    assertThat(old.evaluated()).isTrue();
    assertThat(old.value("validationAccuracy")).isEqualTo(0.5);
  }
}
