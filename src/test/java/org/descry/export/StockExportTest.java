package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.archive.ModelArchive;
import org.descry.data.builtin.Shapes;
import org.descry.export.stock.StockConverters;
import org.descry.kernel.RnnCell;
import org.descry.model.NetworkLayers;
import org.descry.testing.StockJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J without Descry reads the stock exports and answers as the originals do. */
class StockExportTest {
  @TempDir Path dir;

  private final List<String> questions = new ArrayList<>();

  /** Exports a model, and leaves the original's answers for {@link PlainDl4j}. */
  private Export.Result export(Format format, String kind, Path model) throws IOException {
    String name = "%s-%s".formatted(model.getParent().getFileName(), format);
    Export.Result result = new Export(model, format, dir.resolve(name + ".zip"), false).run();
    ModelArchive archive = ModelArchive.read(model);
    Probe probe = Probe.of(archive);
    INDArray[] inputs = probe.ordered(archive.network());
    if (format == Format.DL4J_STOCK) {
      probe = probe.fromTheBeginning();
      inputs =
          Stream.of(
                  probe.pixels() == null ? probe.inputs().get("image") : probe.pixels(),
                  probe.inputs().get("words"))
              .filter(Objects::nonNull)
              .toArray(INDArray[]::new);
      if (NetworkLayers.readsBothDirections(archive.network())) {
        Files.createFile(dir.resolve(name + ".whole"));
      }
    }
    for (int i = 0; i < inputs.length; i++) {
      save(inputs[i], name + ".in" + i);
    }
    save(probe.expected(archive), name + ".expected");
    questions.add(kind);
    questions.add(dir.resolve(name).toString());
    return result;
  }

  private void save(INDArray array, String name) throws IOException {
    Nd4j.writeAsNumpy(array.dup('c'), dir.resolve(name + ".npy").toFile());
  }

  private List<Path> classifiers() throws IOException {
    return List.of(
        TinyModels.threeLayer(dir),
        TinyModels.svm(dir),
        TinyModels.convNet(dir),
        TinyModels.normalized(dir));
  }

  private List<Path> captioners() {
    return List.of(
        TinyModels.captioner(dir, "vanilla", 1),
        TinyModels.frozenCaptioner(dir, dir.resolve("convnet/model.zip")),
        TinyModels.captioner(dir, "lstm", 2),
        TinyModels.featureCaptioner(dir, 1),
        TinyModels.featureCaptioner(dir, 2));
  }

  private List<Path> languageModels() throws IOException {
    return List.of(
        TinyModels.languageModel(dir, "vanilla", 0, 1),
        TinyModels.languageModel(dir, "vanilla", 5, 2),
        TinyModels.languageModel(dir, "lstm", 5, 2),
        TinyModels.tiedLanguageModel(dir),
        TinyModels.bidirectional(dir, RnnCell.VANILLA, 1),
        TinyModels.bidirectional(dir, RnnCell.LSTM, 2));
  }

  private void answersAreTheOriginals(boolean descry, Path jvm) {
    List<String> arguments = new ArrayList<>(List.of(Boolean.toString(descry)));
    arguments.addAll(questions);
    String printed = StockJvm.run(PlainDl4j.class, descry, jvm, arguments.toArray(String[]::new));
    List<Double> differences = printed.lines().map(Double::parseDouble).toList();
    assertThat(differences).hasSize(questions.size() / 2);
    assertThat(differences)
        .as("%s", questions)
        .allSatisfy(difference -> assertThat(difference).isBetween(0.0, OutputPair.TOLERANCE));
  }

  @ParameterizedTest
  @CsvSource({"GRU,gru", "LINEAR,linear"})
  void cellsThatDl4jLacksAreNamed(RnnCell cell, String name) throws IOException {
    Path model = TinyModels.bidirectional(dir, cell, 1);
    Export export = new Export(model, Format.DL4J_STOCK, dir.resolve("stock.zip"), false);
    assertThatThrownBy(export::run)
        .isInstanceOf(UsageException.class)
        .hasMessageMatching(
            "The layer \"\\S+\" has no counterpart among DL4J's built-in layers, which lack "
                + name
                + " cells; expected vanilla or lstm cells, or another --format\\.");
  }

  @Test
  void programsWithoutAndWithDescryGetTheOriginalsAnswers(@TempDir Path jvm, @TempDir Path other)
      throws IOException {
    List<Path> classifiers = classifiers();
    List<Path> captioners = captioners();
    List<Path> languageModels = languageModels();
    for (Path model : classifiers) {
      export(Format.DL4J_STOCK, "classifier", model);
    }
    for (Path model : captioners) {
      export(Format.DL4J_STOCK, "captioner", model);
    }
    for (Path model : languageModels) {
      export(Format.DL4J_STOCK, "sequences", model);
    }
    answersAreTheOriginals(false, jvm);

    questions.clear();
    for (List<Path> kind : List.of(classifiers, captioners, languageModels)) {
      for (Path model : kind) {
        export(Format.DL4J, "as it is", model);
      }
    }
    answersAreTheOriginals(true, other);
  }

  @Test
  void namesAreInTheZip() throws IOException {
    Export.Result convNet = export(Format.DL4J_STOCK, "classifier", TinyModels.convNet(dir));
    Export.Result captioner =
        export(Format.DL4J_STOCK, "captioner", TinyModels.captioner(dir, "lstm", 2));
    assertThat(convNet.files()).containsExactly(dir.resolve("convnet-dl4j-stock.zip"));
    assertThat(labels(convNet.files().get(0))).isEqualTo(Shapes.labelNames());
    assertThat(captioner.files())
        .containsExactly(
            dir.resolve("captioner-lstm-2-dl4j-stock-encoder.zip"),
            dir.resolve("captioner-lstm-2-dl4j-stock-decoder.zip"));
    assertThat(captioner.cards())
        .containsExactly(
            dir.resolve("captioner-lstm-2-dl4j-stock-encoder.md"),
            dir.resolve("captioner-lstm-2-dl4j-stock-decoder.md"));
    assertThat(labels(captioner.files().get(1))).startsWith("<NULL>", "<START>", "<END>", "<UNK>");
  }

  private static List<String> labels(Path zip) throws IOException {
    try (ZipFile entries = new ZipFile(zip.toFile())) {
      JsonNode labels =
          new ObjectMapper()
              .readTree(entries.getInputStream(entries.getEntry("descry/labels.json")));
      return labels.valueStream().map(JsonNode::asText).toList();
    }
  }

  /** What no model of DL4J's can be made of is refused by name and leaves nothing behind. */
  @Test
  void aLayerWithoutACounterpartIsNamed() throws IOException {
    Path model = TinyModels.activated(dir, "gelu");
    Path target = Files.createDirectory(dir.resolve("target"));
    Export export = new Export(model, Format.DL4J_STOCK, target.resolve("a.zip"), false);
    assertThatThrownBy(export::run)
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "The layer \"conv1 with gelu\" (org.descry.layer.ConvBlockLayer) has no counterpart"
                + " among DL4J's built-in layers; expected a network without it, or --format"
                + " dl4j.");
    assertThat(target).isEmptyDirectory();
  }

  /** A new layer gets a counterpart, or a place in the documentation's list. */
  @Test
  void everyLayerHasACounterpart() throws IOException {
    Set<String> without =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.descry.layer")
                .stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(
                    type ->
                        type.isAssignableTo(Layer.class) || type.isAssignableTo(GraphVertex.class))
                .map(JavaClass::reflect)
                .filter(type -> !StockConverters.knows(type))
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
    String page = Files.readString(Path.of("docs/export.md"));
    assertThat(without).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    assertThat(without).hasSizeLessThan(5);
  }
}
