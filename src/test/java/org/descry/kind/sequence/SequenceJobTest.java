package org.descry.kind.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.archive.ModelArchive;
import org.descry.export.Export;
import org.descry.export.Format;
import org.descry.io.Json;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
import org.descry.kind.service.Options;
import org.descry.kind.service.Service;
import org.descry.kind.service.Tensor;
import org.descry.train.Summary;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequence classifiers from their job to all that is done with a model. */
class SequenceJobTest {
  @TempDir Path dir;

  private Summary train(JobFile file, String... settings) {
    return train(dir, file, settings);
  }

  static Summary train(Path dir, JobFile file, String... settings) {
    JobFile job = file.set("output.dir=" + dir).set(List.of(settings));
    Job checked = job.job();
    return Kinds.training(checked, new Training.Options(true, false), TrainingProgress.NONE).run();
  }

  private Path model(String name) {
    return dir.resolve(name).resolve("model.zip");
  }

  private static JobFile names() {
    return JobFile.read(Path.of("resources/jobs/names.yaml"));
  }

  @Test
  void namesAreToldApart() throws IOException {
    Summary summary = train(names());
    SequenceEvaluation reached = (SequenceEvaluation) summary.evaluation();
    assertThat(reached.accuracy()).isGreaterThan(0.95);
    assertThat(reached.examples()).isEqualTo(240);
    TrainedSequenceClassifier model = TrainedSequenceClassifier.load(model("names"));
    assertThat(model.classify(List.of("selmaten", "matenles"), 1))
        .extracting(answers -> answers.get(0).label())
        .containsExactly("selun", "nules");
    assertThat(model.evaluate()).isEqualTo(reached);
    assertThat(model.selfTest().getAsDouble()).isLessThan(1e-6);
    assertThat(Files.readString(dir.resolve("names/report.html")))
        .contains("<h2>Confusion matrix</h2>")
        .contains("<th scope='row'>kreth</th>")
        .contains("Test accuracy");
    JsonNode written = Json.MAPPER.readTree(dir.resolve("names/summary.json").toFile());
    assertThat(written.get("testAccuracy").asDouble()).isEqualTo(reached.accuracy());
    assertThat(written.get("testLoss").asDouble()).isEqualTo(reached.loss());
  }

  @Test
  void bothOrdersOfReadingSeeTheSameLettersDifferently() {
    TrainedModel trained = trainTexts("readout", "model.readout=last", "model.rnn=vanilla");
    assertThat(trained.evaluate().headline()).startsWith("accuracy");
  }

  private TrainedModel trainTexts(String name, String... settings) {
    String[] all = new String[settings.length + 4];
    System.arraycopy(settings, 0, all, 4, settings.length);
    all[0] = "name=" + name;
    all[1] = "training.epochs=1";
    all[2] = "model.hidden=6";
    all[3] = "data.maxSteps=20";
    train(names(), all);
    return Kinds.open(model(name));
  }

  /**
   * Each export is compared with its original on a batch of different lengths before it appears.
   */
  @ParameterizedTest
  @CsvSource({
    "vanilla, false, 1, final",
    "lstm, true, 2, final",
    "lstm, false, 2, last",
    "vanilla, true, 1, last",
    "lstm, true, 2, last",
    "gru, true, 2, final"
  })
  void exportsAnswerAlike(String rnn, boolean both, int layers, String readout) {
    trainTexts(
        "exported",
        "model.rnn=" + rnn,
        "model.bidirectional=" + both,
        "model.layers=" + layers,
        "model.readout=" + readout,
        "model.biases=2");
    for (Format format : Format.values()) {
      if (rnn.equals("gru") && format.toString().equals("dl4j-stock")) {
        continue; // DL4J has no such layer
      }
      Path file = dir.resolve("exported." + format.name());
      Export.Result result = new Export(model("exported"), format, file, false).run();
      assertThat(result.verification().largestDifference()).isLessThan(1e-5);
      assertThat(result.card())
          .content()
          .contains("Puts sequences of characters")
          .contains("kreth");
    }
  }

  @Test
  void theMeanOfStatesHasNoCounterpartAndSaysSo() {
    train(JobFile.read(Path.of("resources/jobs/stacked-rnn.yaml")));
    Path file = dir.resolve("stock.zip");
    for (Format format : Format.values()) {
      if (format.toString().equals("dl4j-stock")) {
        Export stock = new Export(model("stacked-rnn"), format, file, false);
        assertThatThrownBy(stock::run)
            .isInstanceOf(UsageException.class)
            .hasMessageContaining("has no counterpart among DL4J's built-in layers");
      } else {
        new Export(model("stacked-rnn"), format, dir.resolve("mean." + format), false).run();
      }
    }
  }

  @Test
  void theStackedRnnDoesItsTenSteps() throws IOException {
    Summary summary = train(JobFile.read(Path.of("resources/jobs/stacked-rnn.yaml")));
    List<String> epochs = Files.readAllLines(dir.resolve("stacked-rnn/metrics.jsonl"));
    assertThat(epochs).hasSize(10);
    double before = Double.POSITIVE_INFINITY;
    for (String epoch : epochs) {
      double loss = Json.MAPPER.readTree(epoch).get("trainLoss").asDouble();
      assertThat(loss).isLessThan(before);
      before = loss;
    }
    assertThat(summary.evaluation().headline()).startsWith("loss ");
    assertThat(Json.MAPPER.readTree(dir.resolve("stacked-rnn/summary.json").toFile()))
        .noneMatch(JsonNode::isNull);
    assertThat(Kinds.open(model("stacked-rnn")).evaluate()).isEqualTo(summary.evaluation());
  }

  @Test
  void theMeanHasNoAccuracyToChooseBy() {
    assertThatThrownBy(
            () ->
                train(
                    JobFile.read(Path.of("resources/jobs/stacked-rnn.yaml")),
                    "training.selectBy=accuracy"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(
            "training.selectBy is accuracy, but expected loss with model.loss mean");
  }

  /** Whatever the batch, the question and the padding. */
  @ParameterizedTest
  @ValueSource(strings = {"false", "true"})
  void aServerAnswersInBatchesAsAlone(String both) {
    TrainedModel trained = trainTexts("served", "model.bidirectional=" + both);
    answersAsAlone(trained.service());
  }

  private static <Q, A> void answersAsAlone(Service<Q, A> service) {
    assertThat(service.traits().task()).isEqualTo("predict");
    Tensor texts =
        new Tensor("text", "BYTES", new long[] {3}, null, List.of("selma", "o", "krethanovabosel"));
    List<Q> questions = service.questions(Map.of("text", texts), Options.NONE);
    Service.Worker<Q, A> worker = service.worker();
    List<A> together = worker.answer(questions);
    for (int i = 0; i < questions.size(); i++) {
      float[] alone = (float[]) worker.answer(List.of(questions.get(i))).get(0);
      float[] one = (float[]) together.get(i);
      for (int k = 0; k < alone.length; k++) {
        assertThat(one[k]).isCloseTo(alone[k], within(1e-5f));
      }
    }
    Q question = service.question("text", "selma".getBytes(StandardCharsets.UTF_8), Options.NONE);
    assertThat(service.told(question, worker.answer(List.of(question)).get(0)))
        .containsKey("predictions");
    assertThat(service.tensors(together).get(0).shape()).containsExactly(3, 6);
  }

  /** Padding counts for nothing: one length or buckets give the same answers. */
  @Test
  void answersDoNotDependOnPadding() {
    TrainedModel trained = trainTexts("padded", "model.bidirectional=true");
    TrainedSequenceClassifier model = (TrainedSequenceClassifier) trained;
    float alone = model.classify(List.of("ova"), 1).get(0).get(0).value();
    float beside = model.classify(List.of("ova", "krethanovaboselu"), 1).get(0).get(0).value();
    assertThat(beside).isCloseTo(alone, within(1e-5f));
    assertThat(ModelArchive.readManifest(model("padded")).kind()).isEqualTo("sequence-classifier");
  }
}
