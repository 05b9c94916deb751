package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.descry.generate.Decoding;
import org.descry.kind.captioner.TrainedCaptioner;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
import org.descry.testing.Discs;
import org.descry.testing.StockJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of {@code examples/stock} do what they say, in a JVM without Descry. */
class JavaExamplesTest {
  private static final Path MODELS = Path.of("models");

  @TempDir Path dir;

  private static String program(String className) throws IOException {
    return Files.readString(Path.of("examples/stock", className + ".java"));
  }

  private List<String> export(String model) {
    Path file = dir.resolve(model + ".zip");
    return new Export(MODELS.resolve(model + ".zip"), Format.DL4J_STOCK, file, false)
        .run().files().stream().map(Path::toString).toList();
  }

  @Test
  void aImageIsClassified() throws IOException {
    Path image = Discs.write(dir, 32);
    Answer expected =
        TrainedClassifier.load(MODELS.resolve("shapes-classifier.zip"))
            .classify(List.of(image), 1)
            .get(0)
            .get(0);
    String zip = export("shapes-classifier").get(0);
    String[] printed =
        StockJvm.run("Classify", program("Classify"), dir, zip, image.toString())
            .strip()
            .split(" ");
    assertThat(printed[0]).isEqualTo(expected.label()).isEqualTo("circle");
    assertThat(Float.parseFloat(printed[1])).isCloseTo(expected.value(), Offset.offset(1e-5f));
  }

  @Test
  void aImageIsCaptioned() throws IOException {
    Path image = Discs.write(dir, 48);
    String expected =
        TrainedCaptioner.load(MODELS.resolve("shapes-captioner.zip"))
            .caption(List.of(image), Decoding.greedy(30))
            .get(0);
    List<String> zips = export("shapes-captioner");
    String printed =
        StockJvm.run(
            "Caption", program("Caption"), dir, zips.get(0), zips.get(1), image.toString());
    assertThat(printed.strip()).isEqualTo(expected).contains("red");
  }
}
