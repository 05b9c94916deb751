package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.descry.kind.classifier.TrainedClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program with one dependency. */
class PlainTest {
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @Test
  void classifiesAnImage(@TempDir Path folder) throws Exception {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.RED);
    graphics.fillOval(6, 6, 20, 20);
    Path file = folder.resolve("disc.png");
    ImageIO.write(image, "png", file.toFile());
    TrainedClassifier model =
        TrainedClassifier.load(Path.of(System.getProperty("models"), "shapes-classifier.zip"));
    assertEquals("circle", model.classify(List.of(file), 1).get(0).get(0).label());
  }

  /** What Maven made of the one dependency, beside what it came to when this was written. */
  @Test
  void itsTreeIsTheOneThatIsKept() throws IOException {
    Path tree = Path.of("target/tree.txt");
    assumeTrue(Files.exists(tree), "needs dependency:tree -DoutputFile=" + tree);
    assertEquals(Files.readString(Path.of("tree.txt")), Files.readString(tree));
  }

  @Test
  void itsLoggingIsItsOwn() {
    assertFalse(CLASS_PATH.contains("logback"), CLASS_PATH);
    assertNull(PlainTest.class.getResource("/logback.xml"));
  }

  @Test
  void raisedVersionsReachIt() {
    for (String jar :
        List.of(
            "commons-compress-1.28.0",
            "commons-io-2.20.0",
            "commons-lang3-3.20.0",
            "commons-codec-1.20.0",
            "commons-net-3.12.0",
            "gson-2.13.2",
            "jna-5.18.1",
            "jackson-databind-2.20.1",
            "slf4j-api-2.0.17")) {
      assertTrue(CLASS_PATH.contains(jar + ".jar"), () -> jar + " is not in " + CLASS_PATH);
    }
  }

  @Test
  void oneBuildOfTheNativeLibraryAndNoneOfTheExtrasComeAlong() {
    List<String> natives =
        Arrays.stream(CLASS_PATH.split(File.pathSeparator))
            .map(jar -> Path.of(jar).getFileName().toString())
            .filter(jar -> jar.matches("nd4j-native-1.*-linux.*"))
            .toList();
    assertEquals(List.of("nd4j-native-1.0.0-M2.1-linux-x86_64-onednn-avx2.jar"), natives);
    for (String extra : List.of("javalin", "onnxruntime", "arbiter", "tribuo")) {
      assertFalse(CLASS_PATH.contains(extra), extra);
    }
  }

  @Test
  void theJarHasItsLicenceAndNoFilesOfItsOwnAtTheRoot() throws Exception {
    for (String jar : CLASS_PATH.split(File.pathSeparator)) {
      if (Path.of(jar).getFileName().toString().startsWith("descry")) {
        try (var zip = FileSystems.newFileSystem(Path.of(jar));
            var root = Files.list(zip.getPath("/"))) {
          assertEquals(
              List.of("/META-INF", "/org"),
              root.map(Path::toString)
                  .map(name -> name.replaceAll("(.)/$", "$1"))
                  .sorted()
                  .toList());
          assertTrue(Files.exists(zip.getPath("META-INF/LICENSE")));
          assertTrue(Files.exists(zip.getPath("META-INF/NOTICE")));
          assertTrue(
              Files.readString(zip.getPath("META-INF/MANIFEST.MF"))
                  .contains("Automatic-Module-Name: org.descry"));
        }
      }
    }
  }
}
