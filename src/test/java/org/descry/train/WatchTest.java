package org.descry.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.Descry;
import org.descry.archive.ModelArchive;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.LayerNorms;
import org.descry.train.folder.FinishedRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

class WatchTest {
  @TempDir Path dir;

  private Path trained(String... settings) {
    JobFile job =
        JobFile.parse(
                "job",
                """
                name: watched
                model: {type: convnet, stages: [{filters: 3}], batchNorm: true}
                data: {source: shapes, train: 20, validation: 10, test: 10}
                training: {epochs: 1, batchSize: 20, watch: true, optimizer: {type: sgd, learningRate: 0.25}}
                """)
            .set("output.dir=" + dir)
            .set(List.of(settings));
    return Descry.train(job.job()).getParent();
  }

  private static EpochMetrics last(Path run) {
    List<EpochMetrics> epochs = FinishedRun.read(run).epochs();
    return epochs.get(epochs.size() - 1);
  }

  @Test
  void anEpochsLineHoldsTheNormsOfEveryLayerThatLearns() throws Exception {
    Path run = trained();
    Map<String, LayerNorms> layers = last(run).layers();
    ComputationGraph network = ModelArchive.read(run.resolve("model.zip")).network();
    assertThat(layers).isNotEmpty();
    layers.forEach(
        (name, norms) -> {
          // One step of plain gradient descent: the update is the gradient times the rate.
          assertThat(norms.updates()).isCloseTo(0.25 * norms.gradients(), within(1e-5));
          double squares = 0;
          for (Map.Entry<String, INDArray> param : network.getLayer(name).paramTable().entrySet()) {
            if (!param.getKey().startsWith("running")) {
              squares += Math.pow(param.getValue().norm2Number().doubleValue(), 2);
            }
          }
          assertThat(norms.weights()).as(name).isCloseTo(Math.sqrt(squares), within(1e-5));
        });
    assertThat(Files.readString(run.resolve("metrics.jsonl"))).contains("\"layers\":{\"");
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("Norm of gradients")
        .containsPattern(
            "<span class='swatch[^>]+></span>"
                + network.getLayers()[0].conf().getLayer().getLayerName());
  }

  @Test
  void gradientsAreThoseBeforeClipping() {
    double whole = gradient(trained());
    assertThat(gradient(trained("name=clipped", "training.gradientClipping={globalNorm: 0.001}")))
        .isEqualTo(whole);
  }

  private static double gradient(Path run) {
    return last(run).layers().values().iterator().next().gradients();
  }

  @Test
  void watchingChangesNoBit() {
    assertThat(params(trained("name=blind", "training.watch=false")))
        .isEqualTo(params(trained("name=seeing")));
    assertThat(last(dir.resolve("blind")).layers()).isNull();
  }

  private static INDArray params(Path run) {
    return ModelArchive.read(run.resolve("model.zip")).network().params();
  }
}
