package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.archive.ModelArchive;
import org.descry.export.samediff.NetworkDefinition;
import org.descry.generate.Decoding;
import org.descry.kernel.RnnCell;
import org.descry.kind.captioner.TrainedCaptioner;
import org.descry.model.CaptioningRnn;
import org.descry.model.ConvNet;
import org.descry.model.NetworkSettings;
import org.descry.testing.StockJvm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Graphs that are written, read back and asked. */
class SameDiffExporterTest {
  private static final String IMPORTS =
      """
      import java.io.File;
      import java.util.Map;
      import org.nd4j.autodiff.samediff.SameDiff;
      import org.nd4j.linalg.api.buffer.DataType;
      import org.nd4j.linalg.api.ndarray.INDArray;
      import org.nd4j.linalg.factory.Nd4j;
      import org.nd4j.shade.jackson.databind.ObjectMapper;
      """;

  @TempDir static Path dir;
  private static Path classifier;
  private static Path captioner;
  private static Path language;

  @BeforeAll
  static void train() throws IOException {
    classifier = TinyModels.convNet(dir);
    captioner = TinyModels.captioner(dir, "vanilla", 2);
    language = TinyModels.languageModel(dir, "vanilla", 0, 1);
  }

  private static Export.Result export(Path model, String name) {
    return new Export(model, Format.SAMEDIFF, dir.resolve(name), true).run();
  }

  private static SameDiff graph(Path model) {
    Export.Result result = export(model, "graph.fb");
    return SameDiff.load(result.files().get(0).toFile(), false);
  }

  @TestFactory
  Stream<DynamicTest> everyKindOfModelAnswersAsBefore() throws IOException {
    return Stream.of(
            classifier,
            TinyModels.threeLayer(dir),
            TinyModels.svm(dir),
            captioner,
            TinyModels.captioner(dir, "vanilla", 1),
            TinyModels.captioner(dir, "lstm", 2),
            TinyModels.featureCaptioner(dir, 1),
            TinyModels.lookingCaptioner(dir, "lstm"),
            language,
            TinyModels.languageModel(dir, "vanilla", 4, 2),
            TinyModels.languageModel(dir, "lstm", 0, 1),
            TinyModels.tiedLanguageModel(dir),
            TinyModels.normalized(dir),
            TinyModels.bidirectional(dir, RnnCell.LSTM, 2))
        .map(
            model ->
                DynamicTest.dynamicTest(
                    model.getParent().getFileName().toString(),
                    () -> {
                      Verification found = export(model, "model.fb").verification();
                      assertThat(found.largestDifference()).isLessThan(OutputPair.TOLERANCE);
                      assertThat(found.values()).isGreaterThanOrEqualTo(Probe.ROWS * 10L);
                    }));
  }

  @Test
  void anyNumberOfRowsGoesIn() {
    SameDiff graph = graph(classifier);
    INDArray pixels = Nd4j.rand(DataType.FLOAT, 7, 3, 32, 32).muli(255);
    INDArray all = graph.outputSingle(Map.of("image", pixels), "probabilities");
    for (int i = 0; i < 7; i++) {
      INDArray one = pixels.slice(i);
      assertThat(
              graph
                  .outputSingle(Map.of("image", one.reshape(1, 3, 32, 32)), "probabilities")
                  .equalsWithEps(all.getRow(i, true), 1e-6))
          .isTrue();
    }
  }

  @Test
  void theGraphSaysWhatItTakesAndGives() throws IOException {
    SameDiff graph = graph(captioner);
    assertThat(graph.getVariable("image").placeholderShape()).containsExactly(-1, 3, 48, 48);
    assertThat(graph.getVariable("word").placeholderShape()).containsExactly(-1);
    assertThat(graph.getVariable("word").dataType()).isEqualTo(DataType.INT);
    assertThat(graph.getVariable("state").placeholderShape()).containsExactly(-1, 16);
    assertThat(graph.variableMap())
        .containsKeys("initialState", "probabilities", "nextState", "rnn/Wh1", "projection/W");
    assertThat(graph.getVariable("conv1/W").getVariableType()).isEqualTo(VariableType.VARIABLE);
    assertThat(graph.getVariable("conv1/runningMean").getVariableType())
        .isEqualTo(VariableType.CONSTANT);
    assertThat(graph.getVariable("conv1/W").getArr())
        .isEqualTo(ModelArchive.read(captioner).network().getParam("conv1_W"));
    byte[] words = graph.getVariable("vocabulary").getArr().data().asBytes();
    assertThat(new ObjectMapper().readValue(words, String[].class))
        .containsExactlyElementsOf(ModelArchive.readManifest(captioner).vocabulary());
  }

  @Test
  void equalModelsAreEqualFilesAndCards() throws IOException {
    Export.Result first = export(captioner, "a.fb");
    byte[] file = Files.readAllBytes(first.files().get(0));
    String card = Files.readString(first.card());
    Export.Result second = export(captioner, "a.fb");
    assertThat(second.files().get(0)).hasBinaryContent(file);
    assertThat(second.card()).hasContent(card);
  }

  @Test
  void stagesThatDoNotLearnAreThereToo() {
    var images =
        new CaptioningRnn.Images(3, 8, 8, List.of(new ConvNet.Stage(2, 3, true)), true, true);
    NetworkSettings solver = NetworkSettings.of(1, new Sgd(0.1));
    ComputationGraph network =
        new ComputationGraph(
            new CaptioningRnn(0, images, 6, 4, 5, 1, RnnCell.VANILLA, 3).configuration(solver));
    network.init();
    SameDiff graph = SameDiff.create();
    InputType type = InputType.convolutional(8, 8, 3);
    SDVariable state =
        new NetworkDefinition(graph, network)
            .put("image", graph.placeHolder("image", DataType.FLOAT, -1, 3, 8, 8), type)
            .define(CaptioningRnn.PROJECTION);
    INDArray image = Nd4j.rand(DataType.FLOAT, 2, 3, 8, 8);
    INDArray[] inputs = {image, Nd4j.ones(DataType.FLOAT, 2, 3)};
    INDArray expected = network.feedForward(inputs, false).get(CaptioningRnn.PROJECTION);
    INDArray found = graph.outputSingle(Map.of("image", image), state.name());
    assertThat(found.equalsWithEps(expected, OutputPair.TOLERANCE)).isTrue();
  }

  @Test
  void layersOfOthersAreRefused() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.feedForward(3))
                .addLayer("out", new OutputLayer.Builder().nOut(2).build(), "image")
                .setOutputs("out")
                .build());
    network.init();
    SameDiff graph = SameDiff.create();
    SDVariable input = graph.placeHolder("image", DataType.FLOAT, -1, 3);
    NetworkDefinition definition =
        new NetworkDefinition(graph, network).put("image", input, InputType.feedForward(3));
    assertThatThrownBy(() -> definition.define("out"))
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "The formats samediff and onnx cannot hold \"out\" (OutputLayer); expected layers of"
                + " Descry without preprocessors.");
    assertThatThrownBy(() -> definition.definePass("out", input))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("\"out\" (LayerVertex)");
  }

  @Test
  void theCardsCodeRunsWithoutDescry() throws IOException {
    assertThat(ask(classifier, "INDArray image = Nd4j.ones(DataType.FLOAT, 1, 3, 32, 32);").strip())
        .isIn(ModelArchive.readManifest(classifier).labels());
    Path black = dir.resolve("black.png");
    ImageIO.write(new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB), "png", black.toFile());
    assertThat(ask(captioner, "INDArray image = Nd4j.zeros(DataType.FLOAT, 1, 3, 48, 48);").strip())
        .isEqualTo(
            TrainedCaptioner.load(captioner)
                .caption(
                    List.of(black), Decoding.greedy(ModelArchive.readManifest(captioner).steps()))
                .get(0));
    assertThat(ask(language, "int[] prompt = {1, 2};")).hasSize(2);
  }

  /** What the code in the model's card prints, in a JVM with ND4J alone. */
  private static String ask(Path model, String before) throws IOException {
    Export.Result result = export(model, "asked.fb");
    String card = Files.readString(result.card());
    String code = card.substring(card.indexOf("```java\n") + "```java\n".length());
    String source =
        IMPORTS
            + "public class Asked { public static void main(String[] a) throws Exception {\n"
            + before
            + "\n"
            + code.substring(0, code.indexOf("```"))
            + "}}";
    return StockJvm.run("Asked", source, dir);
  }
}
