package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.convert.Pngs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
  private static final Color ORANGE = new Color(255, 153, 0); // in the palette of 256;

  @TempDir Path folder;

  @Test
  void pngPixelsComeOutToTheByte() throws IOException {
    ImageSet images = Samples.noise(1, 32, 32, 3, 1);
    Path file = folder.resolve("noise.png");
    Pngs.write(images, 0, file);
    assertThat(pixels(file, 32, 32, 3)).isEqualTo(images.image(0));
  }

  @ParameterizedTest
  @CsvSource({
    "png, 5, 0", // TYPE_3BYTE_BGR
    "png, 6, 0", // TYPE_4BYTE_ABGR
    "png, 13, 0", // TYPE_BYTE_INDEXED
    "bmp, 5, 0",
    "gif, 13, 0",
    "jpg, 5, 4"
  })
  void everyFormatGivesRedGreenBlue(String format, int type, int tolerance) throws IOException {
    Path file = plain(folder.resolve("image." + format), format, type, 20, 30);
    byte[] pixels = pixels(file, 8, 8, 3);
    assertThat(pixels).hasSize(8 * 8 * 3);
    for (int i = 0; i < pixels.length; i += 3) {
      assertThat(pixels[i] & 0xff).isCloseTo(255, within(tolerance));
      assertThat(pixels[i + 1] & 0xff).isCloseTo(153, within(tolerance));
      assertThat(pixels[i + 2] & 0xff).isCloseTo(0, within(tolerance));
    }
  }

  @Test
  void greyBecomesColourAndColourGrey() throws IOException {
    BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(1, 2, 0, 200);
    Path file = folder.resolve("grey.png");
    ImageIO.write(grey, "png", file.toFile());
    byte[] colour = pixels(file, 4, 4, 3);
    assertThat(colour[(2 * 4 + 1) * 3] & 0xff).isEqualTo(200);
    assertThat(colour[(2 * 4 + 1) * 3 + 2] & 0xff).isEqualTo(200);
    assertThat(colour[0]).isZero();

    for (String format : new String[] {"png", "gif"}) {
      int type = BufferedImage.TYPE_INT_RGB;
      Path orange = plain(folder.resolve("orange." + format), format, type, 4, 4);
      // 0.299 * 255 + 0.587 * 153
      assertThat(pixels(orange, 4, 4, 1)[5] & 0xff).isCloseTo(166, within(4));
    }
  }

  @Test
  void sixteenBitsBecomeEight() throws IOException {
    BufferedImage deep = new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 0x8000);
    Path file = folder.resolve("deep.png");
    ImageIO.write(deep, "png", file.toFile());
    assertThat(pixels(file, 2, 2, 3)[0] & 0xff).isEqualTo(128);
  }

  @Test
  void shrinkingAverages() throws IOException {
    BufferedImage stripes = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 64; x += 2) {
        stripes.getRaster().setSample(x, y, 0, 200);
      }
    }
    Path file = folder.resolve("stripes.png");
    ImageIO.write(stripes, "png", file.toFile());
    assertThat(pixels(file, 16, 16, 1)).containsOnly((byte) 100);
  }

  @Test
  void classesAndFilesAreSortedAndPartsKept() throws IOException {
    for (String name :
        new String[] {"train/b/2", "train/b/1", "train/a/9", "val/b/1", "test/a/1"}) {
      plain(folder.resolve(name + ".png"), "png", BufferedImage.TYPE_INT_RGB, 3, 3);
    }
    Files.writeString(folder.resolve("train/a/.hidden"), "skipped");
    Files.writeString(folder.resolve("train/notes.txt"), "skipped too");

    ImageFolder.Contents contents = ImageFolder.inspect(folder, new ImageLoader(2, 2, 3));
    ImageSplits splits = contents.splits();

    assertThat(splits.train().labelNames()).containsExactly("a", "b");
    assertThat(splits.train().counts()).containsExactly(1, 2);
    assertThat(splits.train().label(0)).isZero();
    assertThat(splits.validation().label(0)).isEqualTo(1);
    assertThat(splits.test().label(0)).isZero();
    assertThat(contents.sizes()).containsExactly(Map.entry("3x3", 5));
    assertThat(contents.passedOver()).hasSize(1).first().asString().contains("notes.txt");
  }

  @Test
  void withoutPartsEverythingIsForTraining() throws IOException {
    plain(folder.resolve("a/1.png"), "png", BufferedImage.TYPE_INT_RGB, 3, 3);
    plain(folder.resolve("train/1.png"), "png", BufferedImage.TYPE_INT_RGB, 3, 3);
    ImageSplits splits = ImageFolder.read(folder, 2, 2, 3);
    assertThat(splits.train().labelNames()).containsExactly("a", "train");
    assertThat(splits.test().isEmpty()).isTrue();
  }

  @Test
  void aFileThatIsNoImageIsNamed() throws IOException {
    plain(folder.resolve("a/1.png"), "png", BufferedImage.TYPE_INT_RGB, 3, 3);
    plain(folder.resolve("a/3.png"), "png", BufferedImage.TYPE_INT_RGB, 3, 3);
    for (String content : new String[] {"this is no image", ""}) {
      Path bad = Files.writeString(folder.resolve("a/2.png"), content);
      assertThatThrownBy(() -> ImageFolder.read(folder, 2, 2, 3))
          .isInstanceOf(DescryException.class)
          .hasMessageContaining(bad.toString())
          .hasMessageContaining("no image");
    }
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    assertThatThrownBy(() -> ImageFolder.read(folder.resolve("nowhere"), 2, 2, 3))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("nowhere does not exist");
    assertThatThrownBy(() -> ImageFolder.read(folder, 2, 2, 3))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(folder.toString());
    assertThatThrownBy(() -> pixels(folder.resolve("no.png"), 2, 2, 3))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("no.png");

    plain(folder.resolve("train/a/1.png"), "png", BufferedImage.TYPE_INT_RGB, 3, 3);
    Path empty = Files.createDirectories(folder.resolve("train/b"));
    assertThatThrownBy(() -> ImageFolder.read(folder, 2, 2, 3))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(empty + " is empty");

    plain(empty.resolve("1.png"), "png", BufferedImage.TYPE_INT_RGB, 3, 3);
    plain(folder.resolve("test/c/1.png"), "png", BufferedImage.TYPE_INT_RGB, 3, 3);
    assertThatThrownBy(() -> ImageFolder.read(folder, 2, 2, 3))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("test" + File.separator + "c")
        .hasMessageContaining("training part");
  }

  private void image(String name) throws IOException {
    plain(folder.resolve(name), "png", BufferedImage.TYPE_INT_RGB, 3, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"validation", "valid", "val", "dev"})
  void theValidationPartHasManyNames(String name) throws IOException {
    image("train/a/1.png");
    image("train/b/1.png");
    image(name + "/b/1.png");
    ImageSplits splits = ImageFolder.read(folder, 2, 2, 3);
    assertThat(splits.train().size()).isEqualTo(2);
    assertThat(splits.validation().counts()).containsExactly(0, 1);
    assertThat(splits.test().isEmpty()).isTrue();
  }

  @Test
  void twoValidationPartsAreRefused() throws IOException {
    image("train/a/1.png");
    image("valid/a/1.png");
    image("dev/a/1.png");
    assertThatThrownBy(() -> ImageFolder.read(folder, 2, 2, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("[valid, dev]");
  }

  @Test
  void foldersBelowAClassAreOfThatClass() throws IOException {
    image("blue/1.png");
    image("blue/2023/may/1.png");
    image("blue/2023/may/2.png");
    image("red/session2/1.png");
    ImageSet images = ImageFolder.read(folder, 2, 2, 3).train();
    assertThat(images.labelNames()).containsExactly("blue", "red");
    assertThat(images.counts()).containsExactly(3, 1);
  }

  @Test
  void whatIsNotReadIsNamedAndLitterIsNot() throws IOException {
    for (String name :
        new String[] {"train/a/1.png", "train/a/sub/2.png", "train/b/1.png", "test/a/1.png"}) {
      image(name);
    }
    Files.createDirectories(folder.resolve("train/a/sub/nothing"));
    Files.createDirectories(folder.resolve("test/b"));
    image("extra/a/1.png");
    for (String litter :
        new String[] {
          "train/a/Thumbs.db", "train/b/.DS_Store", "desktop.ini", "train/a/sub/._2.png"
        }) {
      Files.writeString(folder.resolve(litter), "litter");
    }
    Files.createDirectories(folder.resolve("train/__MACOSX/a"));
    for (String other : new String[] {"labels.csv", "train/a/1.txt", "train/a/1.xml"}) {
      Files.writeString(folder.resolve(other), "text");
    }
    Files.copy(folder.resolve("train/a/1.png"), folder.resolve("train/b/photo.jpg?size=large"));

    ImageFolder.Contents contents = ImageFolder.inspect(folder, new ImageLoader(2, 2, 3));

    assertThat(contents.splits().train().counts()).containsExactly(2, 2);
    assertThat(contents.passedOver())
        .containsExactlyInAnyOrder(
            "files and folders that are no part of the set: 2 (extra, labels.csv)",
            "files that are no images: 2 (%s, %s)"
                .formatted(Path.of("train/a/1.txt"), Path.of("train/a/1.xml")),
            "folders without images: 2 (%s, %s)"
                .formatted(Path.of("train/a/sub/nothing"), Path.of("test/b")));
  }

  @Test
  void aLinkThatLeadsBackIsRefused() throws IOException {
    image("a/1.png");
    image("b/1.png");
    Files.createSymbolicLink(folder.resolve("b/up"), folder.resolve("b").toAbsolutePath());
    assertThatThrownBy(() -> ImageFolder.read(folder, 2, 2, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("up")
        .hasMessageContaining("circles");
  }

  @Test
  @Timeout(60)
  void whatIsNoFileIsNotWaitedFor() throws Exception {
    image("a/1.png");
    Path pipe = folder.resolve("a/pipe.png");
    assumeThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> ImageFolder.read(folder, 2, 2, 3))
        .isInstanceOf(DataException.class)
        .hasMessage(pipe + " is neither a file nor a folder; expected images.");
  }

  @Test
  void theFirstOfManyDamagedFilesIsNamed() throws IOException {
    for (int i = 100; i < 700; i++) {
      image("a/" + i + ".png");
    }
    for (int i : new int[] {350, 340, 690}) {
      Files.writeString(folder.resolve("a/" + i + ".png"), "no image");
    }
    assertThatThrownBy(() -> ImageFolder.read(folder, 2, 2, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("340.png");
  }

  @Test
  void anImageOverTheLimitIsRefused() throws IOException {
    image("a/1.png");
    image("b/1.png");
    assertThat(ImageFolder.read(folder, new ImageLoader(2, 2, 3, 9)).train().size()).isEqualTo(2);
    assertThatThrownBy(() -> ImageFolder.read(folder, new ImageLoader(2, 2, 3, 8)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("1.png has 3 x 3 pixels; expected at most 8 (data.maxPixels)");
  }

  private static Path plain(Path file, String format, int type, int height, int width)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, ORANGE.getRGB());
      }
    }
    Files.createDirectories(file.getParent());
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    return file;
  }

  private static byte[] pixels(Path file, int height, int width, int channels) {
    return new ImageLoader(height, width, channels).load(file).pixels();
  }
}
