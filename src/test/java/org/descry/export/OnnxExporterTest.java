package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import org.descry.archive.ModelArchive;
import org.descry.cli.Cli;
import org.descry.cli.Main;
import org.descry.data.builtin.Shapes;
import org.descry.kernel.Activation;
import org.descry.kernel.RnnCell;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** ONNX files, which ONNX Runtime has run before they are there. */
class OnnxExporterTest {
  @TempDir static Path dir;

  private static Path convNet;
  private static Path tied;

  @BeforeAll
  static void train() throws IOException {
    convNet = TinyModels.convNet(dir);
    tied = TinyModels.tiedLanguageModel(dir);
  }

  private static Export.Result export(Path model, String name) {
    return new Export(model, Format.ONNX, dir.resolve(name), true).run();
  }

  @TestFactory
  Stream<DynamicTest> everyKindOfModelAnswersAsBefore() throws IOException {
    List<Path> models =
        new ArrayList<>(
            List.of(
                convNet,
                TinyModels.threeLayer(dir),
                TinyModels.svm(dir),
                TinyModels.captioner(dir, "vanilla", 1),
                TinyModels.captioner(dir, "lstm", 2),
                TinyModels.featureCaptioner(dir, 1),
                TinyModels.lookingCaptioner(dir, "gru"),
                TinyModels.languageModel(dir, "vanilla", 0, 1),
                TinyModels.languageModel(dir, "vanilla", 4, 2),
                TinyModels.languageModel(dir, "lstm", 4, 2),
                TinyModels.normalized(dir),
                TinyModels.bidirectional(dir, RnnCell.VANILLA, 1),
                TinyModels.bidirectional(dir, RnnCell.LSTM, 2),
                tied));
    for (Activation activation : Activation.values()) {
      if (activation != Activation.NONE) {
        models.add(
            TinyModels.activated(
                dir, activation.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')));
      }
    }
    return models.stream()
        .map(
            model ->
                DynamicTest.dynamicTest(
                    model.getParent().getFileName().toString(), () -> answersAsBefore(model)));
  }

  private static void answersAsBefore(Path model) {
    Verification found = export(model, "model.onnx").verification();
    assertThat(found.toString()).startsWith("Run by ONNX Runtime 1.29.0, its ");
    assertThat(found.largestDifference()).isLessThan(OutputPair.TOLERANCE);
    assertThat(found.values()).isGreaterThan(Probe.ROWS * 10L);
  }

  @Test
  void aNameMayHaveAnyCharacter() throws IOException {
    Path model = TinyModels.threeLayer(dir.resolve("named"));
    assertThat(export(model, "\u6f22 \ud83d\ude00.onnx").files().get(0)).isNotEmptyFile();
  }

  @Test
  void aFileSaysWhatItTakesAndGives() throws IOException, OrtException {
    Path model = TinyModels.captioner(dir, "lstm", 1);
    Export.Result result = export(model, "scenes.onnx");
    assertThat(result.files())
        .containsExactly(dir.resolve("scenes-encoder.onnx"), dir.resolve("scenes-decoder.onnx"));
    try (OrtSession encoder = session(result.files().get(0));
        OrtSession decoder = session(result.files().get(1))) {
      assertThat(shape(encoder, true, "image")).containsExactly(-1, 3, 48, 48);
      assertThat(shape(encoder, false, "initialState")).containsExactly(-1, 16);
      assertThat(shape(decoder, true, "word")).containsExactly(-1);
      assertThat(((TensorInfo) decoder.getInputInfo().get("word").getInfo()).type)
          .isEqualTo(OnnxJavaType.INT64);
      assertThat(shape(decoder, true, "state")).containsExactly(-1, 16);
      assertThat(shape(decoder, false, "nextState")).containsExactly(-1, 16);
      List<String> vocabulary = ModelArchive.readManifest(model).vocabulary();
      assertThat(shape(decoder, false, "probabilities")).containsExactly(-1, vocabulary.size());
      assertThat(encoder.getMetadata().getCustomMetadata())
          .containsEntry("kind", "captioner")
          .containsEntry("image", "N x channels x height x width, RGB, values 0 to 255")
          .doesNotContainKey("vocabulary");
      var metadata = decoder.getMetadata().getCustomMetadata();
      assertThat(metadata).containsEntry("start", "1").containsEntry("end", "2");
      assertThat(new ObjectMapper().readValue(metadata.get("vocabulary"), String[].class))
          .containsExactlyElementsOf(vocabulary);
      assertThat(decoder.getMetadata().getProducerName()).isEqualTo("Descry");
    }
  }

  private static OrtSession session(Path file) throws OrtException {
    return OrtEnvironment.getEnvironment().createSession(file.toString());
  }

  private static long[] shape(OrtSession session, boolean input, String name) throws OrtException {
    var ports = input ? session.getInputInfo() : session.getOutputInfo();
    return ((TensorInfo) ports.get(name).getInfo()).getShape();
  }

  /** Batch norm is what a runtime folds into the convolution; words are looked up. */
  @Test
  void aFileHoldsWhatRuntimesAreQuickWith() throws IOException {
    ModelProto classifier = read(export(convNet, "shapes.onnx").files().get(0));
    assertThat(classifier.getOpsetImport(0).getVersion()).isEqualTo(13);
    assertThat(operations(classifier))
        .containsOnly(
            "Add",
            "Mul",
            "Conv",
            "Relu",
            "MaxPool",
            "Transpose",
            "Reshape",
            "MatMul",
            "Softmax",
            "Identity");
    assertThat(classifier.getMetadataPropsList())
        .anySatisfy(
            entry -> {
              assertThat(entry.getKey()).isEqualTo("labels");
              assertThat(entry.getValue()).contains(Shapes.labelNames().get(0));
            });
    ModelProto words = read(export(tied, "tied.onnx").files().get(0));
    assertThat(operations(words)).contains("Gather").doesNotContain("OneHot");
  }

  private static ModelProto read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ModelProto.parseFrom(in);
    }
  }

  private static Set<String> operations(ModelProto model) {
    return Set.copyOf(
        model.getGraph().getNodeList().stream().map(NodeProto::getOpType).distinct().toList());
  }

  @Test
  void equalModelsAreEqualFilesAndCards() throws IOException {
    Export.Result first = export(convNet, "a.onnx");
    byte[] file = Files.readAllBytes(first.files().get(0));
    String card = Files.readString(first.card());
    Export.Result second = export(convNet, "a.onnx");
    assertThat(second.files().get(0)).hasBinaryContent(file);
    assertThat(second.card()).hasContent(card);
    assertThat(card).contains("opset 13", "Run by ONNX Runtime", "| input | `image` |");
  }

  /** What the exporting program says in a JVM of its own, where it changes the command. */
  private static String said(String name, UnaryOperator<String> argument) throws Exception {
    String model = Path.of("models/word-rnn.zip").toAbsolutePath().toString();
    String file = dir.resolve(name).toString();
    ProcessBuilder program =
        Cli.program(Main.class, "export", model, "--format", "onnx", "--out", file);
    program.command().replaceAll(argument);
    Process process = program.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(Path.of(file)).exists();
    return output;
  }

  @Test
  void withoutTheRuntimeItSaysSo() throws Exception {
    String said =
        said(
            "alone.onnx",
            argument ->
                Arrays.stream(argument.split(File.pathSeparator))
                    .filter(entry -> !entry.contains("onnxruntime"))
                    .collect(Collectors.joining(File.pathSeparator)));
    assertThat(said)
        .contains(
            "Not run, for ONNX Runtime (com.microsoft.onnxruntime:onnxruntime:1.29.0) is not on the"
                + " class path. Of the graph that it was written from, the ");
  }

  /** ONNX Runtime 1.29 reports command lines to its makers, and ends the JVM at a long one. */
  @Test
  void aLongCommandLineGoesThrough() throws Exception {
    String said =
        said(
            "long.onnx",
            argument -> argument.equals("-Xmx2g") ? "-Dlong=" + "x/.".repeat(20_000) : argument);
    assertThat(said).contains("Run by ONNX Runtime 1.29.0");
  }
}
