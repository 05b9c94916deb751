package org.descry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.descry.testing.EngineSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we use of DL4J and DataVec works without the transitives that the build leaves out. */
class DependenciesTest {
  @TempDir private Path folder;

  @Test
  void aNetworkIsSummarisedAndSurvivesItsZip() throws Exception {
    ComputationGraph net =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .graphBuilder()
                .addInputs("x")
                .addLayer("out", new OutputLayer.Builder().nOut(2).build(), "x")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(3))
                .build());
    net.init();
    assertThat(net.summary()).contains("out", "Total Parameters");
    assertThat(net.getConfiguration().getMemoryReport(InputType.feedForward(3))).isNotNull();

    Path zip = folder.resolve("model.zip");
    ModelSerializer.writeModel(net, zip.toFile(), true);
    ModelSerializer.addObjectToFile(zip.toFile(), "labels", List.of("cat", "dog").toArray());
    ComputationGraph read = ModelSerializer.restoreComputationGraph(zip.toFile(), true);
    assertThat(read.params()).isEqualTo(net.params());
    Object[] labels =
        EngineSession.deserialising(
            () -> ModelSerializer.getObjectFromFile(zip.toFile(), "labels"));
    assertThat(labels).containsExactly("cat", "dog");
  }
}
