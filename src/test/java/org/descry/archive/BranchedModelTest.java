package org.descry.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.model.NetworkModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Sgd;

/** Models whose layers are joined by DL4J's own sums and concatenations are read like others. */
class BranchedModelTest {
  @Test
  void isWrittenAndReadBack(@TempDir Path dir) throws IOException {
    Manifest manifest = SmallModels.classifier().manifest();
    Manifest.ImageShape image = manifest.image();
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs(NetworkModel.IMAGE)
                .setInputTypes(
                    InputType.convolutional(image.height(), image.width(), image.channels()))
                .addLayer("a", new ConvReluLayer.Builder().filters(2).build(), NetworkModel.IMAGE)
                .addLayer("b", new ConvReluLayer.Builder().filters(2).build(), "a")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addVertex("both", new MergeVertex(), "a", "sum")
                .addLayer("scores", new AffineLayer.Builder().nOut(3).build(), "both")
                .addLayer(NetworkModel.OUTPUT, new SoftmaxLossLayer(), "scores")
                .setOutputs(NetworkModel.OUTPUT)
                .build());
    network.init();
    ModelArchive model = new ModelArchive(network, manifest);
    Path file = Files.write(dir.resolve("model.zip"), SmallModels.bytes(model));

    assertThat(SmallModels.answer(ModelArchive.read(file))).isEqualTo(SmallModels.answer(model));
  }
}
