package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.descry.generate.Decoding;
import org.descry.kind.captioner.TrainedCaptioner;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
import org.descry.kind.language.TrainedLanguageModel;
import org.descry.testing.Discs;
import org.descry.testing.StockJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs of {@code examples} for exports do what they say, in a JVM without Descry. */
class JavaExamplesTest {
  private static final Path MODELS = Path.of("models");

  @TempDir Path dir;

  private List<String> export(String model, Format format) {
    Path file = dir.resolve(model + (format == Format.ONNX ? ".onnx" : ".zip"));
    return new Export(MODELS.resolve(model + ".zip"), format, file, false)
        .run().files().stream().map(Path::toString).toList();
  }

  /** Runs an example of the format for the files and one more argument. */
  private String run(Format format, String className, List<String> files, String... arguments)
      throws IOException {
    String folder = format == Format.ONNX ? "examples/onnx" : "examples/stock";
    String source = Files.readString(Path.of(folder, className + ".java"));
    String[] all = Stream.concat(files.stream(), Stream.of(arguments)).toArray(String[]::new);
    return StockJvm.run(className, source, dir, all).strip();
  }

  @ParameterizedTest
  @EnumSource(names = {"DL4J_STOCK", "ONNX"})
  void imagesAreClassifiedAndCaptioned(Format format) throws IOException {
    Path image = Discs.write(dir, 32);
    Answer expected =
        TrainedClassifier.load(MODELS.resolve("shapes-classifier.zip"))
            .classify(List.of(image), 1)
            .get(0)
            .get(0);
    List<String> classifier = export("shapes-classifier", format);
    String[] printed = run(format, "Classify", classifier, image.toString()).split(" ");
    assertThat(printed[0]).isEqualTo(expected.label()).isEqualTo("circle");
    assertThat(Float.parseFloat(printed[1])).isCloseTo(expected.value(), Offset.offset(1e-5f));

    Path scene = Discs.write(dir, 48);
    String caption =
        TrainedCaptioner.load(MODELS.resolve("shapes-captioner.zip"))
            .caption(List.of(scene), Decoding.greedy(30))
            .get(0);
    List<String> captioner = export("shapes-captioner", format);
    assertThat(run(format, "Caption", captioner, scene.toString()))
        .isEqualTo(caption)
        .contains("red");
  }

  @ParameterizedTest
  @EnumSource(names = {"DL4J", "DL4J_STOCK"})
  void imagesAreClassifiedOnSeveralThreads(Format format) throws IOException {
    Path image = Discs.write(dir, 32);
    String zip = export("shapes-classifier", format).get(0);
    String source = Files.readString(Path.of("examples/dl4j/ClassifyMany.java"));
    boolean descry = format == Format.DL4J;
    String[] arguments = {zip, image.toString(), image.toString(), image.toString()};
    String printed = StockJvm.run("ClassifyMany", source, descry, dir, arguments);
    assertThat(printed.lines().toList())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith(image + " circle 0.9"));
  }

  @Test
  void aTextIsContinued() throws IOException {
    TrainedLanguageModel words = TrainedLanguageModel.load(MODELS.resolve("word-rnn.zip"));
    String first = words.manifest().text().tokens().get(2);
    assertThat(run(Format.ONNX, "Continue", export("word-rnn", Format.ONNX), "4", first))
        .isEqualTo(words.greedy(first, 4));
  }
}
