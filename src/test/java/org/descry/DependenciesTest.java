package org.descry;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.datavec.image.loader.NativeImageLoader;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

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
    Object[] labels = ModelSerializer.getObjectFromFile(zip.toFile(), "labels");
    assertThat(labels).containsExactly("cat", "dog");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp"})
  void picturesAreReadAndResized(String format) throws Exception {
    BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    picture.createGraphics().fillRect(0, 0, 40, 30);
    Path file = folder.resolve("picture." + format);
    assertThat(ImageIO.write(picture, format, file.toFile())).isTrue();
    assertThat(new NativeImageLoader(8, 8, 3).asMatrix(file.toFile()))
        .isEqualTo(Nd4j.valueArrayOf(new long[] {1, 3, 8, 8}, 255f));
  }
}
