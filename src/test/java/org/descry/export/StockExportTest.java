package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.data.builtin.Shapes;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.LayerNormLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.model.Classifier;
import org.descry.testing.StockJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J without Descry reads the stock exports and answers as the originals do. */
class StockExportTest {
  @TempDir Path dir;

  private final List<String> questions = new ArrayList<>();

  private Export.Result export(String kind, Path model) {
    String name = model.getParent().getFileName().toString();
    Export.Result result =
        new Export(model, Format.DL4J_STOCK, dir.resolve(name + ".zip"), false).run();
    ModelArchive archive = ModelArchive.read(model);
    Probe probe = Probe.of(archive).fromTheBeginning();
    if (probe.inputs().containsKey("image")) {
      save(probe.pixels() == null ? probe.inputs().get("image") : probe.pixels(), name, "image");
    }
    if (probe.inputs().containsKey("words")) {
      save(probe.inputs().get("words"), name, "words");
    }
    save(probe.expected(archive), name, "expected");
    questions.add(kind);
    questions.add(dir.resolve(name).toString());
    return result;
  }

  private void save(INDArray array, String name, String what) {
    try {
      Nd4j.writeAsNumpy(array.dup('c'), dir.resolve(name + "." + what + ".npy").toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aProgramWithoutDescryGetsTheOriginalsAnswers(@TempDir Path jvm) throws IOException {
    export("classifier", TinyModels.threeLayer(dir));
    export("classifier", TinyModels.svm(dir));
    Path stages = TinyModels.convNet(dir);
    Export.Result convNet = export("classifier", stages);
    export("captioner", TinyModels.captioner(dir, "vanilla", 1));
    export("captioner", TinyModels.frozenCaptioner(dir, stages));
    Export.Result captioner = export("captioner", TinyModels.captioner(dir, "lstm", 2));
    export("captioner", TinyModels.featureCaptioner(dir, 1));
    export("captioner", TinyModels.featureCaptioner(dir, 2));
    export("language", TinyModels.languageModel(dir, "vanilla", 0, 1));
    export("language", TinyModels.languageModel(dir, "vanilla", 5, 2));
    export("language", TinyModels.languageModel(dir, "lstm", 5, 2));

    assertThat(convNet.files()).containsExactly(dir.resolve("convnet.zip"));
    assertThat(labels(convNet.files().get(0))).isEqualTo(Shapes.labelNames());
    assertThat(captioner.files())
        .containsExactly(
            dir.resolve("captioner-lstm-2-encoder.zip"),
            dir.resolve("captioner-lstm-2-decoder.zip"));
    assertThat(captioner.cards())
        .containsExactly(
            dir.resolve("captioner-lstm-2-encoder.md"), dir.resolve("captioner-lstm-2-decoder.md"));
    assertThat(labels(captioner.files().get(1))).startsWith("<NULL>", "<START>", "<END>", "<UNK>");

    String printed = StockJvm.run(PlainDl4j.class, jvm, questions.toArray(String[]::new));
    List<Double> differences = printed.lines().map(Double::parseDouble).toList();
    assertThat(differences).hasSize(questions.size() / 2);
    assertThat(differences)
        .as("%s", questions)
        .allSatisfy(difference -> assertThat(difference).isBetween(0.0, OutputPair.TOLERANCE));
  }

  private static List<String> labels(Path zip) throws IOException {
    try (ZipFile entries = new ZipFile(zip.toFile())) {
      JsonNode labels =
          new ObjectMapper()
              .readTree(entries.getInputStream(entries.getEntry("descry/labels.json")));
      return labels.valueStream().map(JsonNode::asText).toList();
    }
  }

  @Test
  void aTiedLanguageModelHasNoCounterpart() throws IOException {
    Path model = TinyModels.tiedLanguageModel(dir);
    Export export = new Export(model, Format.DL4J_STOCK, dir.resolve("tied.zip"), false);
    assertThatThrownBy(export::run)
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("(org.descry.layer.TiedRnnVertex) has no counterpart");
  }

  @Test
  void aLayerWithoutACounterpartIsNamed() throws IOException {
    Manifest manifest = ModelArchive.readManifest(TinyModels.threeLayer(dir));
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs(Classifier.INPUT)
                .setInputTypes(InputType.convolutional(32, 32, 3))
                .addLayer("hidden", new AffineReluLayer.Builder().nOut(4).build(), Classifier.INPUT)
                .addLayer("norm", new LayerNormLayer.Builder().build(), "hidden")
                .addLayer("scores", new AffineLayer.Builder().nOut(10).build(), "norm")
                .addLayer(Classifier.OUTPUT, new SoftmaxLossLayer(), "scores")
                .setOutputs(Classifier.OUTPUT)
                .build());
    network.init();
    Path model = dir.resolve("normed.zip");
    try (OutputStream out = Files.newOutputStream(model)) {
      new ModelArchive(network, manifest).writeForUse(out);
    }
    Path target = Files.createDirectory(dir.resolve("target"));
    Export export = new Export(model, Format.DL4J_STOCK, target.resolve("a.zip"), false);
    assertThatThrownBy(export::run)
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "The layer \"norm\" (org.descry.layer.LayerNormLayer) has no counterpart among DL4J's"
                + " built-in layers; expected a network without it, or --format dl4j.");
    assertThat(target).isEmptyDirectory();
  }
}
