package org.descry.kind.captioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.archive.ModelArchive;
import org.descry.data.Intake;
import org.descry.job.JobFile;
import org.descry.train.Task;
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
  }
}
