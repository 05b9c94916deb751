package org.descry.kind.captioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.Intake;
import org.descry.export.Export;
import org.descry.export.Format;
import org.descry.generate.Decoding;
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
import org.descry.train.folder.RunFolder;
import org.descry.train.step.Batches;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** One small captioner is trained once; most tests look at what it left. */
class CaptionerJobTest {
  @TempDir static Path dir;
  private static Summary summary;

  private static JobFile file(String name, Path output) {
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

  private static Summary train(JobFile file) {
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

  private static String classifier(Path output, String stages) {
    train(
        JobFile.parse(
                "job",
                """
                name: classifier
                data: {source: shapes, train: 40, validation: 10, test: 10}
                training: {epochs: 1, batchSize: 20}
                """)
            .set("model={type: convnet, stages: [" + stages + "]}")
            .set("output.dir=" + output));
    return output.resolve("classifier/model.zip").toString();
  }

  @Test
  void stagesStartFromAClassifierAndMayStayAsTheyAre(@TempDir Path other) {
    String zip = classifier(other, "{filters: 4}, {filters: 4}, {filters: 8}");
    train(file("seeing", other).set("model.initFrom=" + zip).set("model.freeze=true"));
    ModelArchive seeing = ModelArchive.read(other.resolve("seeing/model.zip"));
    ModelArchive source = ModelArchive.read(Path.of(zip));
    for (String stage : List.of("conv1", "conv2")) {
      assertThat(seeing.network().getLayer(stage).params())
          .isEqualTo(source.network().getLayer(stage).params());
    }
    assertThat(seeing.manifest().normalizer()).isEqualTo(source.manifest().normalizer());
    assertThat(TrainedCaptioner.load(other.resolve("seeing/model.zip")).evaluate().images())
        .isEqualTo(12);
  }

  @Test
  void stagesMayLearnAfterSomeEpochs(@TempDir Path other) {
    String zip = classifier(other, "{filters: 4}, {filters: 4}");
    INDArray stage = ModelArchive.read(Path.of(zip)).network().getLayer("conv1").params();
    JobFile file = file("late", other).set("model.initFrom=" + zip).set("model.unfreezeAt=2");
    CaptionerTask task = CaptionerTask.load(file.job(), Task.Limits.NONE, Intake.strict());
    ComputationGraph network = task.network();
    try (Batches batches = task.batches()) {
      batches.start(Batches.Position.startOf(0));
      for (int epoch = 0; epoch < 3; epoch++) {
        network.getConfiguration().setEpochCount(epoch);
        INDArray projection = network.getLayer("projection").params().dup();
        batches.fitNext(network);
        assertThat(network.getLayer("conv1").params().equals(stage)).isEqualTo(epoch < 2);
        assertThat(network.getLayer("projection").params()).isNotEqualTo(projection);
      }
    }
  }

  @Test
  void stagesOfOtherSizesAreRefused(@TempDir Path other) {
    String zip = classifier(other, "{filters: 4}");
    JobFile file = file("seeing", other).set("model.initFrom=" + zip);
    assertThatThrownBy(() -> train(file))
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "model.initFrom: %s has 1 convolutional stages; expected at least the 2 of model.stages."
                .formatted(zip));
    assertThatThrownBy(() -> train(file.set("model.stages=[{filters: 5}]")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("stage 1 of " + zip + " has weights of ");
  }

  /** Ten images by name, with features of the given width. */
  private static JobFile features(Path folder, int width) throws IOException {
    StringBuilder names = new StringBuilder();
    StringBuilder captions = new StringBuilder("image,caption\n");
    for (int i = 0; i < 20; i++) {
      names.append(i).append(".jpg\n");
      captions.append(i).append(".jpg,a dog runs\n").append(i).append(".jpg,the dog\n");
    }
    Nd4j.writeAsNumpy(
        Nd4j.rand(DataType.FLOAT, 20, width), folder.resolve("features.npy").toFile());
    Files.writeString(folder.resolve("features.txt"), names);
    Files.writeString(folder.resolve("captions.txt"), captions);
    return file("features", folder)
        .set("model.stages=[]")
        .set(
            "data={source: captions, captions: %1$s/captions.txt, features: %1$s/features.npy, minCount: 1}"
                .formatted(folder));
  }

  @Test
  void featuresStandInForImagesAndKeepTheirWidth(@TempDir Path other) throws IOException {
    CaptionerEvaluation report = (CaptionerEvaluation) train(features(other, 6)).results();
    assertThat(report.trueCaptions()).isNull();
    TrainedCaptioner captioner = TrainedCaptioner.load(other.resolve("features/model.zip"));
    assertThat(captioner.evaluate().metrics()).isEqualTo(report.metrics());
    assertThatThrownBy(() -> captioner.caption(List.of(Path.of("a.jpg")), Decoding.greedy(5)))
        .isInstanceOf(DescryException.class)
        .hasMessageEndingWith("was trained on features of width 6; expected a model of images.");
    features(other, 7);
    assertThatThrownBy(captioner::evaluate)
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("The data has features of [7]; expected those of ")
        .hasMessageEndingWith(": [6].");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image,text | captions.txt",
        "image,caption\\n1.jpg | captions.txt:2",
        "image,caption\\n1.jpg,... | has no words",
        "image,caption\\n1.jpg,a b c d | has 4 words, more than data.maxWords = 3",
        "image,caption\\n99.jpg,a b c | 99.jpg",
      })
  void badCaptionsAreASentence(String text, String reason, @TempDir Path other) throws IOException {
    JobFile job = features(other, 2).set("data.maxWords=3").set("data.longCaptions=fail");
    Files.writeString(other.resolve("captions.txt"), text.replace("\\n", "\n"));
    assertThatThrownBy(() -> train(job))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
    Path run = other.resolve("features");
    if (Files.exists(run)) { // for the list of them
      assertThat(run.toFile().list()).containsExactlyInAnyOrder("job.yaml", RunFolder.BAD_RECORDS);
    }
  }

  @Test
  void dataThatWereMendedAreTrainedOnUnderTheSameName(@TempDir Path other) throws IOException {
    JobFile job = features(other, 2).set("data.onBadRecord=fail");
    Path captions = other.resolve("captions.txt");
    Files.writeString(captions, "image,caption\n1.jpg\n");
    assertThatThrownBy(() -> train(job)).hasMessageContaining("captions.txt:2");
    assertThat(other.resolve("features").resolve(RunFolder.BAD_RECORDS)).isNotEmptyFile();
    Files.writeString(captions, "image,caption\n1.jpg,a dog\n2.jpg,a cat\n3.jpg,a bird\n");
    train(job);
    assertThat(other.resolve("features").resolve(RunFolder.BAD_RECORDS)).doesNotExist();
    assertThat(other.resolve("features/model.zip")).isNotEmptyFile();
  }

  @Test
  void noPairThatCanBeUsedIsASentence(@TempDir Path other) throws IOException {
    JobFile file = features(other, 2).set("data.maxMissing=100");
    Files.writeString(other.resolve("captions.txt"), "image,caption\n99.jpg,a b c\n");
    assertThatThrownBy(() -> train(file))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("No usable pair of image and caption is left in ");
  }

  @Test
  void wordsThatTrainingNeverSawAreUnknownToTheTest(@TempDir Path other) throws IOException {
    JobFile file =
        features(other, 2)
            .set("data.splits.testCaptions=" + other.resolve("t.txt"))
            .set("data.splits.validationCaptions=" + other.resolve("v.txt"));
    Files.writeString(other.resolve("captions.txt"), "image,caption\n1.jpg,a dog\n2.jpg,a cat\n");
    Files.writeString(other.resolve("v.txt"), "image,caption\n3.jpg,un elefante\n");
    Files.writeString(other.resolve("t.txt"), "image,caption\n4.jpg,zwei Elefanten\n");
    CaptionerEvaluation report = (CaptionerEvaluation) train(file).results();
    assertThat(report.metrics().bleu1()).isZero();
    assertThat(report.perplexity()).isFinite();
  }
}
