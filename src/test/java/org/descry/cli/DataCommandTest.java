package org.descry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.descry.DescryException;
import org.descry.data.builtin.ShapeScenes;
import org.descry.data.caption.PixelInputs;
import org.descry.data.image.ImageLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DataCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private Exception thrown;

  @Test
  void makesInspectsAndConvertsShapes() {
    String shapes = folder.resolve("shapes").toString();
    String sheet = folder.resolve("sheet.png").toString();

    assertThat(run("make", "shapes", shapes, "--seed", "3")).isZero();
    assertThat(out.toString()).contains("8000 training, 1000 validation and 1000 test");

    assertThat(run("inspect", shapes, "--contact-sheet", sheet)).isZero();
    assertThat(out.toString())
        .contains("10000 images of 32x32")
        .containsPattern("crescent +800 +100 +100")
        .containsPattern("fingerprint +[0-9a-f]{64}\n")
        .containsPattern("channel mean +0\\.\\d{4} 0\\.\\d{4} 0\\.\\d{4}");
    assertThat(Path.of(sheet)).isRegularFile();
    assertThat(run("inspect", shapes, "--contact-sheet", shapes)).isEqualTo(1);
    assertThat(thrown).hasMessageContaining("irectory").hasMessageNotContaining("Exception");

    Path unasked = Path.of("contact-sheet.png");
    assertThat(unasked).doesNotExist();
    assertThat(run("inspect", shapes)).isZero();
    assertThat(unasked).doesNotExist();

    assertThat(run("make", "shapes", shapes)).isEqualTo(1);
    assertThat(thrown).isInstanceOf(DescryException.class).hasMessageContaining(shapes);
  }

  @Test
  void scenesAreImagesWithCaptions() throws IOException {
    Path scenes = folder.resolve("scenes");
    assertThat(run("make", "scenes", scenes.toString(), "--seed", "2")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            scenes
                + ": 4000 training, 500 validation and 500 test images, with captions in"
                + " captions.csv"
                + System.lineSeparator());
    List<String> rows = Files.readAllLines(scenes.resolve("captions.csv"));
    assertThat(rows).hasSize(1 + 5 * 5000).contains("image,caption,split");
    String[] last = rows.get(25_000).split(",");
    Path image = scenes.resolve("images").resolve(last[2]).resolve(last[0]);
    assertThat(last[0]).isEqualTo("test-scene-00499.png");
    assertThat(ImageIO.read(image.toFile()).getHeight()).isEqualTo(48);
    // The files say of each image what was drawn on it.
    ShapeScenes.Generated drawn = ShapeScenes.generate(2);
    assertThat(drawn.test().get(499).isTrue(last[1])).isTrue();
    assertThat(new ImageLoader(48, 48, 3).load(image).pixels())
        .isEqualTo(((PixelInputs) drawn.data().test().inputs()).pixels(499));
  }

  @Test
  void mistakesOfUsageAreUsageErrors() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("make", "circles", "x")).isEqualTo(2);
    assertThat(run("convert", "only-one")).isEqualTo(2);
    assertThat(run("inspect", "x", "--size", "0")).isEqualTo(2);
    assertThat(run("inspect", "x", "--labels", "medium")).isEqualTo(2);
    assertThat(run("inspect", "x", "--size", "1025")).isEqualTo(2);
    assertThat(run("inspect", "x", "--size", "2147483647")).isEqualTo(2);
  }

  @Test
  void coarseLabelsAreInspectedAndConverted() throws IOException {
    byte[] records = new byte[40 * 3074];
    for (int i = 0; i < 40; i++) {
      records[i * 3074] = (byte) (i % 20);
      records[i * 3074 + 1] = (byte) i;
    }
    Path cifar = Files.createDirectory(folder.resolve("cifar-100-binary"));
    Files.write(cifar.resolve("train.bin"), records);
    Files.write(
        cifar.resolve("coarse_label_names.txt"),
        IntStream.range(0, 20).mapToObj(k -> "coarse" + k).toList());

    assertThat(run("inspect", cifar.toString(), "--labels", "coarse")).isZero();
    assertThat(out.toString()).containsPattern("coarse19 +2 +0 +0");
    String images = folder.resolve("images").toString();
    assertThat(run("convert", cifar.toString(), images, "--labels", "coarse")).isZero();
    assertThat(out.toString()).contains("40 training").contains("of 20 classes");
    assertThat(Path.of(images, "train", "coarse3", "00001.png")).isRegularFile();
  }

  @Test
  void whatIsPassedOverIsNamed() throws IOException {
    Path images = folder.resolve("images");
    for (String name : new String[] {"a/1.png", "b/sub/2.png"}) {
      Files.createDirectories(images.resolve(name).getParent());
      ImageIO.write(
          new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB),
          "png",
          images.resolve(name).toFile());
    }
    Files.writeString(images.resolve("b/notes.txt"), "text");
    assertThat(run("inspect", images.toString())).isZero();
    assertThat(out.toString())
        .contains("passed over   files that are no images: 1 (" + Path.of("b", "notes.txt") + ")")
        .containsPattern("b +1 +0 +0");
  }

  @Test
  void aMissingFolderIsNamed() {
    String missing = folder.resolve("missing").toString();
    assertThat(run("inspect", missing)).isEqualTo(1);
    assertThat(thrown).isInstanceOf(DescryException.class).hasMessageContaining(missing);
    assertThat(run("convert", missing, folder.resolve("dst").toString())).isEqualTo(1);
    assertThat(thrown).isInstanceOf(DescryException.class).hasMessageContaining(missing);
  }

  private int run(String... arguments) {
    return new CommandLine(new DataCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(new StringWriter()))
        .setExecutionExceptionHandler(
            (exception, command, result) -> {
              thrown = exception;
              return 1;
            })
        .execute(arguments);
  }
}
