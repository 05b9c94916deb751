package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.descry.generate.Decoding;
import org.descry.kind.captioner.TrainedCaptioner;
import org.descry.kind.classifier.TrainedClassifier;
import org.descry.kind.classifier.TrainedClassifier.Answer;
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

  /** A disc on a dark ground, as in the scenes and the shapes. */
  private Path disc(int size) throws IOException {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(40, 40, 40));
    graphics.fillRect(0, 0, size, size);
    graphics.setColor(new Color(220, 40, 40));
    graphics.fillOval(size / 2 - 7, size / 2 - 7, 15, 15);
    graphics.dispose();
    Path file = dir.resolve("image.png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void aImageIsClassified() throws IOException {
    Path image = disc(32);
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
    Path image = disc(48);
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
