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
import java.util.SplittableRandom;
import org.descry.DataException;
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

  /** Sequences that rise or fall, with noise, in two columns. */
  private Path numbers() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    Path folder = dir.resolve("csv");
    for (String label : List.of("falling", "rising")) {
      Files.createDirectories(folder.resolve(label));
      for (int i = 0; i < 30; i++) {
        StringBuilder csv = new StringBuilder("level,noise\n");
        int steps = 4 + random.nextInt(9);
        for (int t = 0; t < steps; t++) {
          double level = (label.equals("rising") ? 1 : -1) * (t - steps / 2.0) / steps;
          csv.append(level + 0.05 * random.nextDouble()).append(',').append(random.nextDouble());
          csv.append('\n');
        }
        Files.writeString(folder.resolve(label).resolve("s%02d.csv".formatted(i)), csv);
      }
    }
    return folder;
  }

  private JobFile numbersJob(Path folder) {
    return JobFile.parse(
            "job",
            """
            name: numbers
            model: {type: sequence-rnn, hidden: 12, rnn: lstm}
            data: {source: sequences, path: x, skipLines: 1, test: 0.2}
            training: {epochs: 12, batchSize: 8, optimizer: {type: adam, learningRate: 0.02}}
            """)
        .set("data.path=" + folder);
  }

  @Test
  void numbersAreReadFromCsvFiles() throws IOException {
    Path folder = numbers();
    Summary summary = train(numbersJob(folder));
    assertThat(((SequenceEvaluation) summary.evaluation()).accuracy()).isGreaterThan(0.9);
    TrainedSequenceClassifier model = TrainedSequenceClassifier.load(model("numbers"));
    assertThat(model.evaluate()).isEqualTo(summary.evaluation());
    assertThat(model.evaluate(folder).examples()).isEqualTo(60);
    assertThat(
            model
                .classifyGiven(List.of(folder.resolve("rising/s03.csv").toString()), 1)
                .get(0)
                .get(0)
                .label())
        .isEqualTo("rising");
    float[][] falling = {{0.5f, 0.1f}, {0.2f, 0.1f}, {-0.1f, 0.4f}, {-0.4f, 0.3f}};
    assertThat(model.classify(falling, 1).get(0).label()).isEqualTo("falling");
    assertThatThrownBy(() -> model.classify(new float[][] {{1}}, 1))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("takes steps of 2 numbers; expected those, got a step of 1 numbers");
    assertThatThrownBy(() -> model.classify(List.of("abc"), 1))
        .hasMessageContaining("takes sequences of 2 numbers a step; expected no text");
    for (Format format : Format.values()) {
      new Export(model("numbers"), format, dir.resolve("numbers." + format), false).run();
    }
  }

  @Test
  void badNumbersAreNamed() throws IOException {
    Path folder = numbers();
    Path file = folder.resolve("rising/s00.csv");
    Files.writeString(file, "level,noise\n1,2\n1,x\n");
    assertThatThrownBy(() -> train(numbersJob(folder)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file + ", line 3: has \"x\"; expected a finite number");
    Files.writeString(file, "level,noise\n1,2\n1\n");
    assertThatThrownBy(() -> train(numbersJob(folder)))
        .hasMessageContaining(file + ", line 3: has 1 numbers; expected 2 as in the first step");
    Files.writeString(file, "level,noise\n");
    assertThatThrownBy(() -> train(numbersJob(folder))).hasMessageContaining("has no steps");
    Files.writeString(file, "level,noise\n1,2,3\n");
    assertThatThrownBy(() -> train(numbersJob(folder)))
        .hasMessageContaining("has steps of 3 numbers; expected steps of 2 numbers as in");
    Files.writeString(file, "level,noise\n" + "1,2\n".repeat(101));
    assertThatThrownBy(() -> train(numbersJob(folder)))
        .hasMessageContaining(
            file + ": has a sequence of 101 steps; expected at most data.maxSteps = 100.");
    train(numbersJob(folder), "data.onBadRecord=skip", "training.epochs=1");
    assertThat(Files.readString(dir.resolve("numbers/bad-records.jsonl"))).contains("101 steps");
  }

  private JobFile textJob(String lines) throws IOException {
    Path file = Files.writeString(dir.resolve("lines.txt"), lines);
    return JobFile.parse(
            "job",
            """
            name: texts
            model: {type: sequence-rnn, embedding: 0, hidden: 8}
            data: {source: sequences, path: x, unit: word, maxSteps: 6}
            training: {epochs: 1, batchSize: 8}
            """)
        .set("data.path=" + file);
  }

  private static final String LINES = "good\ta fine day\nbad\train and wind all day\n".repeat(20);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "good fine day\\n|line 41: has no label and tab; expected LABEL<tab>TEXT",
        "good\\t \\n|line 41: has no text; expected at least one token",
        "bad\\ta b c d e f g\\n"
            + "|line 41: has a sequence of 7 steps; expected at most data.maxSteps = 6",
      })
  void badLinesAreNamed(String line, String reason) throws IOException {
    JobFile job = textJob(LINES + line.replace("\\n", "\n").replace("\\t", "\t"));
    assertThatThrownBy(() -> train(job))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aLabelOrWordThatWasNeverSeenIsNamed() throws IOException {
    train(textJob(LINES));
    TrainedModel model = Kinds.open(model("texts"));
    Path other = Files.writeString(dir.resolve("other.txt"), "good\ta day\nugly\ta day\n");
    assertThatThrownBy(() -> model.evaluate(other))
        .isInstanceOf(DataException.class)
        .hasMessage(
            other
                + ", line 2: the label \"ugly\" was never seen in training; expected one of the 2"
                + " labels: bad; good.");
    Files.writeString(other, "good\ta sunny day\n");
    assertThatThrownBy(() -> model.evaluate(other))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("\"sunny\" is not among the 7 tokens of the vocabulary");
    Files.writeString(other, "good\ta day\nbad\train and wind\n");
    assertThat(((SequenceEvaluation) model.evaluate(other)).examples()).isEqualTo(2);
    assertThatThrownBy(
            () ->
                TrainedSequenceClassifier.load(model("texts"))
                    .classify(List.of("day day day day day day day"), 1))
        .isInstanceOf(UsageException.class)
        .hasMessage("The sequence has 7 steps; expected 1 to 6.");
    assertThatThrownBy(() -> train(textJob("good\ta fine day\n".repeat(40))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has one label alone: good; expected at least two");
    assertThatThrownBy(() -> train(textJob(LINES), "data.path=builtin:nothing"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("expected builtin:names or builtin:normal");
  }

  @Test
  void aFolderHasAFileForEachLabel() throws IOException {
    Path folder = Files.createDirectories(dir.resolve("labels"));
    Files.writeString(folder.resolve("good.txt"), "a fine day\na day\n".repeat(10));
    Files.writeString(folder.resolve("bad.txt"), "rain all day\nwind\n".repeat(10));
    train(textJob(LINES), "data.path=" + folder);
    assertThat(Kinds.open(model("texts")).manifest().labels()).containsExactly("bad", "good");
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
    assertThat(service.task()).isEqualTo("predict");
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
