package org.descry.kind.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.archive.ModelArchive;
import org.descry.data.builtin.Shapes;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.io.AtomicFiles;
import org.descry.io.Json;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.metrics.EpochMetrics;
import org.descry.train.Summary;
import org.descry.train.Training;
import org.descry.train.Training.Options;
import org.descry.train.TrainingProgress;
import org.descry.train.TrainingStoppedException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One small job is trained once; most tests look at what it left. */
class ClassifierJobTest {
  private static final Options NEW = new Options(false, false);

  @TempDir static Path dir;
  private static Summary summary;

  private static Job job(String name, Path output, String... settings) {
    JobFile file =
        JobFile.parse(
                "job",
                """
                seed: 7
                model: {type: three-layer-convnet, filters: 4, filterSize: 3, hidden: 16}
                data: {source: shapes, train: 120, validation: 20, test: 30, augment: {mirror: true}}
                training: {epochs: 2, batchSize: 50, l2: 1.0e-4}
                """)
            .set("name=" + name)
            .set("output.dir=" + output)
            .set(List.of(settings));
    return file.job();
  }

  private static Summary train(Job job, Options options) {
    return Kinds.training(job, options, TrainingProgress.NONE).run();
  }

  @BeforeAll
  static void trainOnce() {
    summary = train(job("small", dir), NEW);
  }

  @Test
  void batchNormNeedsSeveralImages() {
    String hidden = "model={type: convnet, stages: [{filters: 3}], hidden: [8], batchNorm: true}";
    assertThatThrownBy(() -> job("one", dir, hidden, "training.batchSize=1"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(
            "training.batchSize is 1, but expected at least 2 with model.batchNorm over hidden"
                + " layers");
    // Shapes are 32 x 32: the sixth stage sees maps of 1 x 1.
    String stages = "{filters: 2, filterSize: 1}, ".repeat(5) + "{filters: 2, pool: false}";
    Job tiny =
        job(
            "tiny",
            dir,
            "model={type: convnet, stages: [" + stages + "], batchNorm: true}",
            "training.batchSize=1");
    assertThatThrownBy(() -> train(tiny, NEW))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("training.batchSize is 1")
        .hasMessageContaining("maps of 1 x 1");
    Job maps =
        job(
            "maps",
            dir,
            "model={type: convnet, stages: [{filters: 2}], batchNorm: true}",
            "data.train=10",
            "training.batchSize=1",
            "training.epochs=1");
    assertThat(train(maps, NEW).epochs()).isEqualTo(1);
  }

  @Test
  void classWeightsMustNameClasses() {
    assertThatThrownBy(() -> train(job("w", dir, "training.classWeights={red cow: 2}"), NEW))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith(
            "training.classWeights.red cow: expected the name of a class, one of ");
    assertThatThrownBy(() -> job("w", dir, "training.classWeights={square: 0}"))
        .hasMessageContaining("classWeights.square is 0.0, but expected a number above 0");
    assertThatThrownBy(() -> job("w", dir, "training.lookahead={}", "training.weightAverage=0.9"))
        .hasMessageContaining("weightAverage is 0.9, but expected 0 with lookahead");
  }

  /** 49 images in batches of 48: the one that is left over is left out, another one each epoch. */
  @Test
  void aSingleImageIsNoBatchForBatchNorm() throws IOException {
    String[] settings = {"data.train=49", "training.batchSize=48", "training.epochs=2"};
    String model = "model={type: convnet, stages: [{filters: 3}], hidden: [8], batchNorm: %s}";
    for (boolean batchNorm : new boolean[] {true, false}) {
      String name = "left-" + batchNorm;
      String[] all = Arrays.copyOf(settings, 4);
      all[3] = model.formatted(batchNorm);
      train(job(name, dir, all), NEW);
      JsonNode last =
          Json.MAPPER.readTree(
              Files.readAllLines(dir.resolve(name).resolve("metrics.jsonl")).get(1));
      assertThat(last.get("iteration").intValue()).isEqualTo(batchNorm ? 2 : 4);
    }
  }

  private static Path model() {
    return dir.resolve("small/model.zip");
  }

  @Test
  void theRunFolderHoldsTheWholeStory() throws IOException {
    Path run = dir.resolve("small");
    assertThat(run).isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
    assertThat(JobFile.read(run.resolve("job.yaml")).job()).isEqualTo(job("small", dir));
    List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
    assertThat(lines).hasSize(2);
    JsonNode last = Json.MAPPER.readTree(lines.get(1));
    assertThat(last.properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(
            "epoch",
            "iteration",
            "learningRate",
            "trainLoss",
            "trainAccuracy",
            "validationLoss",
            "validationAccuracy",
            "examplesPerSecond",
            "seconds");
    assertThat(last.get("iteration").asInt()).isEqualTo(6);
    JsonNode written = Json.MAPPER.readTree(run.resolve("summary.json").toFile());
    assertThat(written.get("testAccuracy").asDouble())
        .isEqualTo(((ClassifierResults) summary.results()).testAccuracy());
    assertThat(written.get("testTop5").asDouble())
        .isBetween(written.get("testAccuracy").asDouble(), 1.0);
    assertThat(written.get("seed").asLong()).isEqualTo(7);
    assertThat(written.get("binary").asText()).isNotEmpty();
    assertThat(written.at("/versions/dl4j").asText()).isEqualTo("1.0.0-M2.1");
  }

  @Test
  void theReportNeedsNothingOutsideItself() throws IOException {
    String page = Files.readString(dir.resolve("small/report.html"));
    assertThat(page)
        .contains("<title>small</title>", "<svg", "Confusion matrix", "data:image/png;base64,")
        .doesNotContain("http:", "https:", "<script", "<link");
    assertThat(page.split("class='train'><polyline", -1)).hasSize(4);
    assertThat(page).contains("aria-label='Learning rate'");
  }

  @Test
  void plainDl4jReadsTheModel() throws IOException {
    ComputationGraph network = ComputationGraph.load(model().toFile(), true);
    assertThat(network.numParams()).isEqualTo(summary.parameters());
    assertThat(network.params()).isEqualTo(ModelArchive.read(model()).network().params());
  }

  @Test
  void theSavedModelScoresAsTheSummarySays() {
    ClassifierEvaluation report = TrainedClassifier.load(model()).evaluate();
    assertThat(report.accuracy()).isEqualTo(((ClassifierResults) summary.results()).testAccuracy());
    assertThat(report.loss()).isEqualTo(((ClassifierResults) summary.results()).testLoss());
  }

  @Test
  void oneSeedGivesOneModel(@TempDir Path other) {
    train(job("small", other), NEW);
    assertThat(ModelArchive.read(other.resolve("small/model.zip")).network().params())
        .isEqualTo(ModelArchive.read(model()).network().params());
  }

  @Test
  void aDivergedTrainingNamesTheLearningRateAndLeavesTheOlderRun(@TempDir Path other)
      throws IOException {
    train(job("small", other), NEW);
    byte[] before = Files.readAllBytes(other.resolve("small/model.zip"));
    Job wild = job("small", other, "training.optimizer={type: sgd, learningRate: 1e30}");
    assertThatThrownBy(() -> train(wild, new Options(true, false)))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("training has diverged")
        .hasMessageContaining("training.optimizer.learningRate than 1.0E30");
    assertThat(other.resolve("small/model.zip")).hasBinaryContent(before);
  }

  @Test
  void aFastDevRunLeavesTheJobsOwnFolderAlone(@TempDir Path other) {
    Summary fast = train(job("small", other), new Options(false, true));
    assertThat(fast.ended()).isEqualTo("fastDevRun");
    assertThat(other.resolve("small")).doesNotExist();
    assertThat(other.resolve("small-fast-dev-run/report.html")).exists();
  }

  @Test
  void trainingEndsWithItsTime(@TempDir Path other) {
    Summary cut = train(job("small", other, "training.maxTime=0.001s"), NEW);
    assertThat(cut.ended()).isEqualTo("maxTime");
    assertThat(cut.epochs()).isEqualTo(1);
  }

  @Test
  void aStoppedTrainingKeepsItsBestModel(@TempDir Path other) {
    Training[] running = new Training[1];
    running[0] =
        Kinds.training(
            job("small", other, "training.epochs=1000"),
            NEW,
            new TrainingProgress() {
              @Override
              public void epoch(EpochMetrics metrics, boolean best) {
                running[0].stop();
              }
            });
    assertThatThrownBy(running[0]::run)
        .isInstanceOf(TrainingStoppedException.class)
        .hasMessageContaining("the best model so far is " + other.resolve("small/model.zip"));
    assertThat(TrainedClassifier.load(other.resolve("small/model.zip")).manifest().labels())
        .hasSize(10);
  }

  @Test
  void imagesTooSmallForTheModelAreReported(@TempDir Path other) {
    Job deep = job("deep", other, "model={type: fast, widths: [2, 2, 2, 2, 2, 2]}");
    assertThatThrownBy(() -> train(deep, NEW))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("The model does not fit images of 32 x 32: ");
    assertThat(other.resolve("deep")).doesNotExist();
  }

  @Test
  void cifarFilesOfTheOtherKindAreRefused(@TempDir Path other) {
    Path folder = other.resolve("ten");
    CifarWriter.write(Shapes.generate(1, 20, 10, 10), folder);
    Job hundred = job("hundred", other, "data={source: cifar100, path: '" + folder + "'}");
    assertThatThrownBy(() -> train(hundred, NEW))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("holds CIFAR-10 files of 10 classes; expected data.source cifar10");
  }

  @Test
  void equalModelsAreEqualFiles(@TempDir Path other) throws IOException {
    Path copy = other.resolve("copy.zip");
    AtomicFiles.write(copy, ModelArchive.read(model())::write);
    assertThat(copy).hasSameBinaryContentAs(model());
  }

  @Test
  void nothingOfARunIsLeftInTheOutputFolderButTheRunAndItsLock() throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .containsExactlyInAnyOrder("small", ".small.lock");
    }
  }
}
