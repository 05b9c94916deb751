package org.descry.kind.captioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.archive.ModelArchive;
import org.descry.data.Intake;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.kind.Reproduction;
import org.descry.train.Summary;
import org.descry.train.Task;
import org.descry.train.Training.Options;
import org.descry.train.Training.Start;
import org.descry.train.TrainingProgress;
import org.descry.train.step.Batches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Stages of a captioner that start from a classifier. */
class PretrainedStagesTest {

  private static String classifier(Path output, String stages) {
    CaptionerJobTest.train(
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
    CaptionerJobTest.train(
        CaptionerJobTest.file("seeing", other)
            .set("model.initFrom=" + zip)
            .set("model.freeze=true"));
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
    JobFile file =
        CaptionerJobTest.file("late", other).set("model.initFrom=" + zip).set("model.unfreezeAt=2");
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

  /** The job names the file alone: what it held goes into the checkpoints and the model zip. */
  @Test
  void aZipThatAnotherTookThePlaceOfIsNamed(@TempDir Path other) throws IOException {
    Path zip = Path.of(classifier(other, "{filters: 4}, {filters: 4}"));
    Path first = Files.copy(zip, other.resolve("first.zip"));
    JobFile begun = CaptionerJobTest.file("seeing", other).set("model.initFrom=" + zip);
    CaptionerJobTest.train(begun.set("training.epochs=1"));
    Path model = other.resolve("seeing/model.zip");

    Files.copy(
        Path.of(classifier(other.resolve("second"), "{filters: 4}, {filters: 4}, {filters: 4}")),
        zip,
        StandardCopyOption.REPLACE_EXISTING);
    String changed =
        "model\\.initFrom: %s holds other weights \\(fingerprint \\w{64}, it was \\w{64}\\)"
            .formatted(zip);
    assertThatThrownBy(() -> resume(begun))
        .isInstanceOf(DataException.class)
        .message()
        .matches(
            changed
                + " since the training in %s was begun; expected the same to go on with it, or --force to begin anew\\."
                    .formatted(model.getParent()));
    Reproduction again =
        Reproduction.of(model, null, other.resolve("again"), TrainingProgress.NONE);
    assertThat(again.same()).isFalse();
    assertThat(again.changes()).singleElement().asString().matches(changed);

    Files.copy(first, zip, StandardCopyOption.REPLACE_EXISTING);
    assertThat(Reproduction.of(model, null, other.resolve("once"), TrainingProgress.NONE).changes())
        .isEmpty();
    assertThat(resume(begun).epochs()).isEqualTo(2);
  }

  private static Summary resume(JobFile file) {
    Options options = new Options(Start.RESUME, null, false);
    return Kinds.training(file.job(), options, TrainingProgress.NONE).run();
  }

  @Test
  void stagesOfOtherSizesAreRefused(@TempDir Path other) {
    String zip = classifier(other, "{filters: 4}");
    JobFile file = CaptionerJobTest.file("seeing", other).set("model.initFrom=" + zip);
    assertThatThrownBy(() -> CaptionerJobTest.train(file))
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "model.initFrom: %s has 1 convolutional stages; expected at least the 2 of model.stages."
                .formatted(zip));
    assertThatThrownBy(() -> CaptionerJobTest.train(file.set("model.stages=[{filters: 5}]")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("stage 1 of " + zip + " has weights of ");
    String two = classifier(other.resolve("two"), "{filters: 4}, {filters: 4}");
    assertThatThrownBy(
            () ->
                CaptionerJobTest.train(
                    file.set("model.initFrom=" + two).set("model.batchNorm=true")))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "model.initFrom: stage 1 of %s is without batch normalization; expected the same as model.batchNorm = true."
                .formatted(two));
    String leaky =
        classifier(
            other.resolve("leaky"),
            "{filters: 4}, {filters: 4}], activation: leaky-relu, hidden: [8");
    assertThatThrownBy(() -> CaptionerJobTest.train(file.set("model.initFrom=" + leaky)))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "model.initFrom: stage 1 of %s has the activation leaky-relu; expected relu, which the stages of a captioner have."
                .formatted(leaky));
  }
}
