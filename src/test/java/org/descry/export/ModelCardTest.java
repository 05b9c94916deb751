package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.descry.UsageException;
import org.descry.archive.ModelArchive;
import org.descry.testing.StockJvm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelCardTest {
  @TempDir static Path dir;
  private static Path model;

  @BeforeAll
  static void train() {
    model = TinyModels.convNet(dir);
  }

  private static String card(Format format) throws IOException {
    return Files.readString(new Export(model, format, dir.resolve("model.zip"), true).run().card());
  }

  @ParameterizedTest
  @EnumSource
  void itTellsWhatTheModelIs(Format format) throws IOException {
    String card = card(format);
    assertThat(card)
        .startsWith("---\nlibrary_name: " + (format == Format.ONNX ? "onnx" : "deeplearning4j"))
        .contains("pipeline_tag: image-classification\n", "\n---\n\n")
        .contains("# convnet\n\nPuts images of 32 x 32 pixels (RGB) into one of 10 classes. It has")
        .contains("in the format `%s`".formatted(format))
        .contains(ModelArchive.sha256(Files.readAllBytes(dir.resolve("model.zip"))))
        .contains("0 `circle`, 1 `ring`")
        .contains("train 40, validation 10, test 10 (images)")
        .contains("## Intended use\n\nDemonstrations and tests")
        .contains("seed: 3\n")
        .contains("| validationAccuracy |")
        .doesNotContain("null", "  \n", "Licence", "model-index");
  }

  @Test
  void itSaysWhatItIsTold() throws IOException {
    Map<String, Double> test = new LinkedHashMap<>();
    test.put("Test accuracy", 0.981);
    test.put("Test loss", Double.POSITIVE_INFINITY);
    assertThat(Files.readString(told("MIT", () -> test).run().card()))
        .startsWith("---\nlicense: mit\n")
        .contains("type: accuracy\n", "value: 0.981", "| Test accuracy | 0.9810 |")
        .contains("| Test loss | Infinity |")
        .doesNotContain("type: loss")
        .contains("## Licence\n\nThe model is under the licence that SPDX calls `MIT`.");
    assertThatThrownBy(() -> told("MIT license", Map::of))
        .isInstanceOf(UsageException.class)
        .hasMessage("The licence is MIT license; expected what SPDX calls it, such as Apache-2.0.");
  }

  private static Export told(String license, Supplier<Map<String, Double>> test) {
    return new Export(model, Format.DL4J, dir.resolve("told.zip"), true, license, test);
  }

  /** SameDiff's is run by its own tests. */
  @ParameterizedTest
  @EnumSource(names = {"DL4J", "DL4J_STOCK"})
  void itsCodeCompiles(Format format) throws IOException {
    Path tiny = Files.createDirectory(dir.resolve(format.name()));
    for (Path zip :
        List.of(
            model,
            TinyModels.captioner(tiny, "vanilla", 1),
            TinyModels.languageModel(tiny, "vanilla", 0, 1))) {
      String code =
          Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
              .matcher(
                  Files.readString(
                      new Export(zip, format, tiny.resolve("compiled.zip"), true).run().card()))
              .results()
              .map(fence -> fence.group(1))
              .collect(Collectors.joining());
      StockJvm.compile(
          "Card",
          """
          import java.io.File;
          import java.nio.file.Path;
          import java.util.List;
          import org.deeplearning4j.nn.graph.ComputationGraph;
          import org.descry.generate.Decoding;
          import org.descry.engine.Engine;
          import org.descry.kind.captioner.*;
          import org.descry.kind.classifier.*;
          import org.descry.kind.language.*;
          import org.nd4j.linalg.api.ndarray.INDArray;
          import org.nd4j.linalg.factory.Nd4j;
          class Card {
            String prompt; INDArray image; INDArray token; String[] words; List<String> caption;
            void use() throws Exception { %s }
          }
          """
              .formatted(code),
          System.getProperty("java.class.path"),
          tiny);
    }
  }
}
