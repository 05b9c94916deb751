package org.descry.data.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.data.builtin.Shapes;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.Samples;
import org.descry.data.image.cifar.CifarFolder;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.io.NewFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataConverterTest {
  @TempDir Path folder;

  @Test
  void whatIsWrittenReadsBackTheSame() {
    ImageSplits shapes = Shapes.generate(1, 40, 10, 20);
    CifarWriter.write(shapes, folder.resolve("shapes"));
    ImageSplits read = CifarFolder.read(folder.resolve("shapes"));
    assertThat(read.train().labelNames()).isEqualTo(Shapes.labelNames());
    assertThat(rows(read.train())).isEqualTo(rows(shapes.train()));
    assertThat(rows(read.validation())).isEqualTo(rows(shapes.validation()));
    assertThat(rows(read.test())).isEqualTo(rows(shapes.test()));
  }

  /** A file that lists names line by line would be read with others, or with one more. */
  @Test
  void aNameThatIsNoLineIsNotWritten() {
    for (String name : List.of("a\nb", "a\rb", " a", "a ", "")) {
      ImageSet one =
          new ImageSet(32, 32, 3, List.of("plain", name), new byte[2][3072], new int[] {0, 1});
      assertThatThrownBy(
              () -> CifarWriter.write(new ImageSplits(one, one, one), folder.resolve("to")))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("cannot stand on a line");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void cifarToFoldersAndBackKeepsEveryByte() {
    ImageSplits shapes = Shapes.generate(2, 40, 10, 20);
    Path first = folder.resolve("first");
    Path images = folder.resolve("images");
    Path second = folder.resolve("second");
    CifarWriter.write(shapes, first);

    DataConverter.convert(first, images);
    assertThat(images.resolve("test/circle/00001.png")).isRegularFile();
    ImageSplits returned = DataConverter.convert(images, second);
    assertThat(returned.train().size()).isEqualTo(40);

    ImageSplits read = CifarFolder.read(second);
    assertThat(read.train().labelNames()).isSorted(); // folders are read in order of their names
    assertThat(rows(read.train())).containsExactlyInAnyOrderElementsOf(rows(shapes.train()));
    assertThat(rows(read.validation()))
        .containsExactlyInAnyOrderElementsOf(rows(shapes.validation()));
    assertThat(rows(read.test())).containsExactlyInAnyOrderElementsOf(rows(shapes.test()));
  }

  @Test
  void aSourceIsNotConvertedIntoItself() throws IOException {
    Path images = folder.resolve("images/train/cat");
    Files.createDirectories(images);
    Pngs.write(Samples.noise(1, 8, 8, 3, 1), 0, images.resolve("a.png"));
    Path source = folder.resolve("images");
    Path link = Files.createSymbolicLink(folder.resolve("link"), source);
    for (Path inside : List.of(source.resolve("out"), link.resolve("train/out"))) {
      assertThatThrownBy(() -> DataConverter.convert(source, inside))
          .isInstanceOf(UsageException.class)
          .hasMessage(
              "Destination %s lies inside the source %s; expected a folder outside of it.",
              inside, source);
      assertThat(inside).doesNotExist();
    }
  }

  @Test
  void largeSetsAreCutIntoFilesOfTenThousand() throws IOException {
    ImageSet one = Samples.noise(1, 32, 32, 3, 1);
    ImageSet many = one.select(new int[10_001]);
    CifarWriter.write(ImageSplits.of(many, null, null), folder.resolve("many"));
    assertThat(Files.size(folder.resolve("many/data_batch_1.bin"))).isEqualTo(30_730_000);
    assertThat(Files.size(folder.resolve("many/data_batch_2.bin"))).isEqualTo(3073);
    assertThat(folder.resolve("many/test_batch.bin")).doesNotExist();
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    CifarWriter.write(Shapes.generate(1, 10, 0, 0), folder.resolve("a"));
    Path b = Files.createDirectory(folder.resolve("b"));
    assertThatThrownBy(() -> DataConverter.convert(folder.resolve("a"), b))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(b + " exists already");
    assertThatThrownBy(() -> CifarWriter.write(Shapes.generate(1, 10, 0, 0), b))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining(b + " exists already");
  }

  @Test
  void aConversionThatFailsLeavesNothing() throws IOException {
    Path source = Files.createDirectories(folder.resolve("source/a"));
    Files.writeString(source.resolve("1.png"), "no image");
    assertThatThrownBy(() -> DataConverter.convert(folder.resolve("source"), folder.resolve("dst")))
        .isInstanceOf(DescryException.class);
    assertThatThrownBy(
            () ->
                NewFolder.create(
                    folder.resolve("dst"),
                    inner -> {
                      Files.writeString(inner.resolve("half"), "half");
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("dst")
        .hasMessageContaining("disk full");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("source"));
    }
  }

  @Test
  void imagesOfAnotherSizeDoNotFitTheLayout() {
    ImageSplits small = ImageSplits.of(Samples.noise(2, 8, 8, 3, 1), null, null);
    assertThatThrownBy(() -> CifarWriter.write(small, folder.resolve("small")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("8x8x3");
  }

  @Test
  void anInspectionCountsAndMeasures() throws IOException {
    CifarWriter.write(Shapes.generate(3, 40, 10, 20), folder.resolve("shapes"));
    DataInspector.Inspection found = DataInspector.inspect(folder.resolve("shapes"), 32);
    assertThat(found.layout()).isEqualTo("CIFAR files");
    assertThat(found.sizes()).containsEntry("32x32", 70);
    assertThat(found.channels().mean()).hasSize(3).allMatch(mean -> mean > 0.3 && mean < 0.7);

    Path sheet = folder.resolve("sheet.png");
    DataInspector.writeContactSheet(found.splits().train(), sheet);
    var image = ImageIO.read(sheet.toFile());
    assertThat(image.getHeight()).isEqualTo(10 * 66 + 2);
    byte[] first = found.splits().train().image(0);
    int rgb = (first[0] & 0xff) << 16 | (first[1] & 0xff) << 8 | (first[2] & 0xff);
    assertThat(image.getRGB(3, 3) & 0xffffff).isEqualTo(rgb);

    assertThatThrownBy(
            () ->
                DataInspector.writeContactSheet(
                    found.splits().train(), folder.resolve("no/such/sheet.png")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("sheet.png");
  }

  /** Class and bytes of each image. */
  private static List<String> rows(ImageSet images) {
    return IntStream.range(0, images.size())
        .mapToObj(i -> images.labelNames().get(images.label(i)) + Arrays.hashCode(images.pixels(i)))
        .toList();
  }
}
