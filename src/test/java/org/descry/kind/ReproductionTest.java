package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.descry.DescryException;
import org.descry.ExitCode;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.DataInspector;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.engine.dnn.Precision;
import org.descry.io.Json;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;
import org.descry.train.Training;
import org.descry.train.Training.Start;
import org.descry.train.TrainingProgress;
import org.descry.train.folder.FinishedRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a zip says of its training is enough to do it again. */
class ReproductionTest {
  @TempDir Path dir;

  static List<String> kinds() {
    return ResumedJobs.ALL;
  }

  private Path model(String kind, String... settings) throws IOException {
    JobFile job = ResumedJobs.job(kind, dir, "runs").set(List.of(settings));
    Training training =
        Kinds.training(job.job(), new Training.Options(false, false), TrainingProgress.NONE);
    training.run();
    return training.folder().resolve("model.zip");
  }

  private Reproduction again(Path model, Path data) {
    return Reproduction.of(model, data, dir.resolve("again"), TrainingProgress.NONE);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theBitsAreTheSame(String kind) throws IOException {
    Reproduction result = again(model(kind), null);
    assertThat(result.distance()).isZero();
    assertThat(result.changes()).isEmpty();
  }

  @Test
  void aTrainingThatRanOutOfTimeIsDoneUpToItsLastStep() throws IOException {
    String images = ResumedJobs.ALL.get(0);
    assertThat(again(model(images, "training.maxTime=0.01s"), null).same()).isTrue();
  }

  @Test
  void aLastModelThatIsNotTheBestIsTheLastAgain() throws IOException {
    Path model =
        model(
            ResumedJobs.ALL.get(0),
            "training.selectBy=loss",
            "training.weightAverage=0",
            "training.optimizer={type: adam, learningRate: 0.3}",
            "training.epochs=2",
            "training.earlyStopping={patience: 50, restoreBest: false}");
    EpochMetrics last = ModelArchive.readManifest(model).provenance().metrics();
    assertThat(FinishedRun.epochs(model.getParent()))
        .anyMatch(epoch -> epoch.validationLoss() < last.validationLoss());
    assertThat(again(model, null).same()).isTrue();
  }

  /** An epoch that a limit has cut short stays so when the limit is raised. */
  @Test
  void whatWasAnotherInTheMiddleIsNamed() throws IOException {
    JobFile job =
        ResumedJobs.job(ResumedJobs.ALL.get(0), dir, "runs")
            .set("training.earlyStopping={patience: 50, restoreBest: false}");
    ResumedJobs.run(job.set("training.maxSteps=7"), Start.NEW);
    ResumedJobs.run(job.set("training.maxSteps=11"), Start.RESUME);
    Reproduction result = again(dir.resolve("runs/n/model.zip"), null);
    assertThat(result.same()).isFalse();
    assertThat(result.changes())
        .containsExactly("training.maxSteps was 7 and is 11 since step 7 of the training");
  }

  @Test
  void otherDataAreNamed() throws IOException {
    Path model = model(ResumedJobs.ALL.get(2));
    Path moved = dir.resolve("moved.txt");
    Files.copy(dir.resolve("text.txt"), moved);
    Files.writeString(dir.resolve("text.txt"), "gone");
    assertThat(again(model, moved).same()).isTrue();
    Files.writeString(moved, Files.readString(moved).replace("rat", "tar"));
    Reproduction other = Reproduction.of(model, moved, dir.resolve("b"), TrainingProgress.NONE);
    assertThat(other.same()).isFalse();
    assertThat(other.changes()).singleElement().asString().contains("fingerprint");
  }

  @Test
  void otherMachinesAndVersionsAreNamed() throws IOException {
    ModelArchive trained = ModelArchive.read(model(ResumedJobs.ALL.get(2), "training.epochs=1"));
    trained.network().params().addi(1);
    Path elsewhere =
        elsewhere(
            trained,
            provenance -> {
              engine(provenance).put("threads", "77").put("binary", "plain");
              ((ObjectNode) provenance.get("versions")).put("descry", "0.1.9");
            });
    Reproduction result = again(elsewhere, null);
    assertThat(result.distance()).isCloseTo(1, within(1e-3));
    assertThat(result.changes())
        .hasSize(3)
        .anyMatch(change -> change.startsWith("descry was 0.1.9 and is "))
        .anyMatch(change -> change.startsWith("threads was 77 and is "))
        .anyMatch(change -> change.startsWith("binary was plain and is "));
  }

  @Test
  void whoRoundedToBfloat16IsNamed() throws IOException {
    assumeThat(Precision.BFLOAT16.obstacle()).isNull();
    Path model = model(ResumedJobs.ALL.get(2), "training.epochs=1", "training.precision=bfloat16");
    String here = Precision.emulated() ? "emulated" : "native";
    Path elsewhere =
        elsewhere(
            ModelArchive.read(model),
            provenance -> {
              assertThat(engine(provenance).get("bfloat16").asText()).isEqualTo(here);
              engine(provenance).put("bfloat16", "another's");
            });
    Reproduction result = again(elsewhere, null);
    assertThat(result.same()).isTrue();
    assertThat(result.changes()).containsExactly("bfloat16 was another's and is " + here);
  }

  /** A zip that says of itself that it was trained elsewhere. */
  private Path elsewhere(ModelArchive trained, Consumer<JsonNode> change) throws IOException {
    JsonNode manifest = Json.MAPPER.valueToTree(trained.manifest());
    change.accept(manifest.get("provenance"));
    Path elsewhere = dir.resolve("elsewhere.zip");
    try (OutputStream out = Files.newOutputStream(elsewhere)) {
      new ModelArchive(trained.network(), Json.MAPPER.treeToValue(manifest, Manifest.class))
          .write(out);
    }
    return elsewhere;
  }

  private static ObjectNode engine(JsonNode provenance) {
    return (ObjectNode) provenance.get("engine");
  }

  @Test
  void dataInspectSaysTheFingerprintOfATraining() throws IOException {
    ImageSplits shapes = Shapes.generate(1, 40, 10, 10);
    Path folder = dir.resolve("cifar");
    CifarWriter.write(ImageSplits.of(shapes.train(), null, shapes.test()), folder);
    Path model =
        model(
            ResumedJobs.ALL.get(0),
            "training.epochs=1",
            "data={source: cifar10, path: %s, validation: 5}".formatted(folder));
    assertThat(ModelArchive.readManifest(model).provenance().fingerprint())
        .isEqualTo(DataInspector.inspect(folder, 32).fingerprint());
  }

  @Test
  void dataThatDescryMakesHaveNoPlace() throws IOException {
    Path model = model(ResumedJobs.ALL.get(0));
    assertThatThrownBy(() -> again(model, dir))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("made by Descry itself");
  }

  @Test
  void aModelOfAnEarlierVersionDoesNotSayEnough() {
    assertThatThrownBy(
            () -> again(Path.of("src/test/resources/models-of-0.1.0/shapes-classifier.zip"), null))
        .isInstanceOfSatisfying(
            DescryException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FAILURE))
        .hasMessageContaining("was made by Descry 0.1.0, which does not record")
        .hasMessageContaining("expected a model of 0.2.0 or later");
  }
}
