package org.descry.kind.captioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.descry.DescryException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.Intake;
import org.descry.export.Export;
import org.descry.export.Format;
import org.descry.io.AtomicFiles;
import org.descry.io.Json;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.train.Summary;
import org.descry.train.Task;
import org.descry.train.Training.Options;
import org.descry.train.TrainingProgress;
import org.descry.train.step.Batches;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** One small captioner is trained once; most tests look at what it left. */
class CaptionerJobTest {
  @TempDir static Path dir;
  private static Summary summary;

  static JobFile file(String name, Path output) {
    return JobFile.parse(
            "job",
            """
            seed: 3
            model: {type: captioning-rnn, stages: [{filters: 4}, {filters: 4}], embedding: 8, hidden: 16}
            data: {source: shape-captions, train: 30, validation: 10, test: 12}
            training: {epochs: 2, batchSize: 50, optimizer: {type: adam, learningRate: 0.01}}
            """)
        .set("name=" + name)
        .set("output.dir=" + output);
  }

  static Summary train(JobFile file) {
    return train(file.job());
  }

  private static Summary train(Job job) {
    return Kinds.training(job, new Options(false, false), TrainingProgress.NONE).run();
  }

  @BeforeAll
  static void trainOnce() {
    summary = train(file("captioner", dir));
  }

  private static Path model() {
    return dir.resolve("captioner/model.zip");
  }

  @Test
  void theSummaryHoldsTheMetricsOfBothDecodersAndOfABlindOne() throws IOException {
    JsonNode written = Json.MAPPER.readTree(dir.resolve("captioner/summary.json").toFile());
    for (String name : List.of("bleu1", "bleu2", "bleu3", "bleu4", "rougeL", "cider")) {
      assertThat(written.get(name).isNumber()).isTrue();
      assertThat(written.at("/greedy/" + name).isNumber()).isTrue();
      assertThat(written.at("/blind/" + name).isNumber()).isTrue();
    }
    assertThat(written.get("perplexity").asDouble()).isGreaterThan(1);
    assertThat(written.get("trueCaptions").asDouble()).isBetween(0.0, 1.0);
    assertThat(written.get("images").asInt()).isEqualTo(12);
  }

  @Test
  void everyEpochMeasuresCaptionsToo() throws IOException {
    List<String> lines = Files.readAllLines(dir.resolve("captioner/metrics.jsonl"));
    assertThat(lines).hasSize(2);
    assertThat(Json.MAPPER.readTree(lines.get(1)).fieldNames())
        .toIterable()
        .contains("validationLoss", "validationPerplexity", "validationBleu4", "validationCider");
  }

  @Test
  void theReportShowsImagesWithTheirCaptions() throws IOException {
    String page = Files.readString(dir.resolve("captioner/report.html"));
    assertThat(page)
        .contains("Best by CIDEr", "Worst by CIDEr", "data:image/png;base64,", "scene-000", "blind")
        .doesNotContain("http:", "https:", "<script", "<link");
  }

  @Test
  void theSavedModelScoresAsTheSummarySays() {
    CaptionerEvaluation found = TrainedCaptioner.load(model()).evaluate();
    CaptionerEvaluation reported = (CaptionerEvaluation) summary.results();
    assertThat(found.metrics()).isEqualTo(reported.metrics());
    assertThat(found.blind()).isEqualTo(reported.blind());
    assertThat(found.perplexity()).isCloseTo(reported.perplexity(), Offset.offset(1e-6));
  }

  @Test
  void anLstmCaptionsToo(@TempDir Path other) {
    Summary lstm = train(file("lstm", other).set("model.rnn=lstm").set("model.layers=2"));
    ModelArchive archive = ModelArchive.read(other.resolve("lstm/model.zip"));
    assertThat(lstm.parameters()).isEqualTo(archive.network().params().length());
    TrainedCaptioner captioner = TrainedCaptioner.load(other.resolve("lstm/model.zip"));
    assertThat(captioner.evaluate().headline()).isEqualTo(lstm.evaluation().headline());
  }

  @Test
  void aCaptionerThatLooksShowsWhere(@TempDir Path other) throws IOException {
    Summary looking =
        train(
            file("looking", other)
                .set("model.attention=soft")
                .set("model.attentionWidth=6")
                .set("model.embeddingDropout=0.1")
                .set("model.outputDropout=0.1")
                .set("model.scheduledSampling=0.5")
                .set("data.bucketing=true"));
    Path zip = other.resolve("looking/model.zip");
    TrainedCaptioner captioner = TrainedCaptioner.load(zip);
    assertThat(captioner.evaluate().headline()).isEqualTo(looking.evaluation().headline());
    String page = Files.readString(other.resolve("looking/report.html"));
    int shown = page.indexOf("Where it looked");
    assertThat(shown).isPositive();
    assertThat(page.substring(shown).split("data:image/png;base64,")).hasSizeGreaterThan(6);
    assertThat(Files.readString(dir.resolve("captioner/report.html")))
        .doesNotContain("Where it looked");
  }

  @Test
  void aBlindCaptionerHasOneSentenceForAllImages(@TempDir Path other) {
    Summary blind = train(file("blind", other).set("model.blind=true").set("model.stages=[]"));
    Path zip = other.resolve("blind/model.zip");
    CaptionerEvaluation found = TrainedCaptioner.load(zip).evaluate();
    assertThat(found.headline()).isEqualTo(blind.evaluation().headline());
    assertThat(found.metrics()).isEqualTo(found.blind());
    CaptionerEvaluation seeing = (CaptionerEvaluation) summary.results();
    assertThat(seeing.metrics()).isNotEqualTo(seeing.blind());
    for (Format format : List.of(Format.DL4J_STOCK, Format.SAMEDIFF, Format.ONNX)) {
      new Export(zip, format, other.resolve(format.name() + ".zip"), false).run();
    }
  }

  @Test
  void tiedWordsAreScoredByTheirVectors(@TempDir Path other) {
    Summary tied = train(file("tied", other).set("model.tied=true").set("model.embedding=16"));
    assertThat(tied.parameters()).isLessThan(summary.parameters() + 16L * 16);
    assertThat(TrainedCaptioner.load(other.resolve("tied/model.zip")).evaluate().headline())
        .isEqualTo(tied.evaluation().headline());
  }

  @Test
  void aGridOfOnePlaceIsASentence(@TempDir Path other) {
    JobFile file =
        file("narrow", other)
            .set("model.attention=soft")
            .set("model.stages=[{filters: 4, poolSize: 48}]");
    assertThatThrownBy(() -> train(file))
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "The model does not fit the images: expected attention over at least 2 places with"
                + " channels and a width of at least 1 and a penalty of at least 0, got 1, 4, 128"
                + " and 1.0.");
  }

  /** What is read changes with the epoch, and where a caption is not at an end. */
  @Test
  void someOfTheWordsThatAreReadAreTheNetworksOwn() {
    CaptionerTask task =
        CaptionerTask.load(file("own", dir).job(), Task.Limits.NONE, Intake.strict());
    OwnWords own = new OwnWords(0.5, 3, 7);
    try (Batches batches = task.batches()) {
      batches.start(Batches.Position.startOf(0));
      MultiDataSet batch = batches.next();
      INDArray words = batch.getFeatures(1);
      assertThat(own.in(task.network(), batch)).isSameAs(batch);
      int[] others = new int[2];
      for (int epoch = 1; epoch < 3; epoch++) {
        task.network().getConfiguration().setEpochCount(epoch);
        INDArray read = own.in(task.network(), batch).getFeatures(1).dup();
        assertThat(own.in(task.network(), batch).getFeatures(1)).isEqualTo(read);
        assertThat(read.getColumn(0)).isEqualTo(words.getColumn(0));
        assertThat(read.eq(0)).isEqualTo(words.eq(0));
        assertThat(read.neq(words).castTo(DataType.INT).minNumber().intValue()).isZero();
        others[epoch - 1] = read.neq(words).castTo(DataType.INT).sumNumber().intValue();
      }
      int real = batch.getLabelsMaskArray(0).sumNumber().intValue();
      assertThat(others[0]).isBetween(real / 10, real / 3);
      assertThat(others[1]).isBetween(real / 4, real * 3 / 5);
    }
  }

  @Test
  void modelsOfAnotherKindAreRefused() {
    assertThatThrownBy(() -> TrainedClassifier.load(model()))
        .isInstanceOf(DescryException.class)
        .hasMessage(model() + " is a captioner; expected a classifier.");
  }

  @Test
  void aModelWithoutItsVocabularyIsRefused(@TempDir Path other) throws IOException {
    ModelArchive archive = ModelArchive.read(model());
    Manifest old = archive.manifest();
    Manifest dumb =
        ModelKind.captioner(old.image(), null, old.normalizer(), null, 9, old.provenance());
    Path zip = other.resolve("dumb.zip");
    AtomicFiles.write(zip, new ModelArchive(archive.network(), dumb)::write);
    assertThatThrownBy(() -> TrainedCaptioner.load(zip))
        .isInstanceOf(DescryException.class)
        .hasMessage(
            zip + ": descry/manifest.json has no vocabulary; expected what a captioner needs.");
  }
}
