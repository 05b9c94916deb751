package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.descry.data.Intake;
import org.descry.data.OnBadRecord;
import org.descry.data.Readers;
import org.descry.replay.Group;
import org.descry.replay.ProcessGroup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What several processes read together is what one reads. */
class ImageReadingTest {
  private static final int FILES = 23;
  private static final ImageLoader LOADER = new ImageLoader(3, 2, 3);

  @TempDir private Path dir;
  private final List<Path> files = new ArrayList<>();

  @BeforeEach
  void makeFiles() throws IOException {
    for (int i = 0; i < FILES; i++) {
      Path file = dir.resolve(i + ".png");
      BufferedImage image = new BufferedImage(2 + i % 3, 3, BufferedImage.TYPE_INT_RGB);
      image.setRGB(i % 2, i % 3, 0x010203 * i);
      ImageIO.write(image, "png", file.toFile());
      files.add(file);
    }
    Files.writeString(files.get(4), "no image");
    Files.delete(files.get(21));
  }

  private static Intake intake() {
    return new Intake(OnBadRecord.SKIP, FILES);
  }

  private List<String> read(ImageReading reading, List<Path> opened) {
    return reading
        .all(
            files,
            file -> {
              opened.add(file);
              return file;
            })
        .stream()
        .map(
            read ->
                read.of()
                    + " "
                    + read.height()
                    + "x"
                    + read.width()
                    + IntStream.range(0, 18).mapToObj(i -> " " + read.pixels().bytes()[i]).toList())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 1 << 20})
  void eachOfSeveralOpensItsPartAndHasAll(int chunk) throws Exception {
    Intake alone = intake();
    List<Path> opened = Collections.synchronizedList(new ArrayList<>());
    List<String> expected = read(new ImageReading(LOADER, alone), opened);
    assertThat(expected).hasSize(FILES - 2);
    assertThat(opened).containsExactlyInAnyOrderElementsOf(files);
    opened.clear();
    ProcessGroup.run(
        3,
        rank -> {
          Intake intake = intake().among(new Readers(rank, 3, Group.current().exchange()));
          List<Path> own = Collections.synchronizedList(new ArrayList<>());
          assertThat(read(new ImageReading(LOADER, intake, chunk), own)).isEqualTo(expected);
          assertThat(own).hasSizeBetween(FILES / 3 - 1, FILES / 3 + 1);
          assertThat(intake.leftOut()).isEqualTo(alone.leftOut());
          opened.addAll(own);
          return rank;
        });
    assertThat(opened).containsExactlyInAnyOrderElementsOf(files);
  }

  @Test
  void processesThatFindDifferentFilesRefuse() throws Exception {
    List<String> said =
        ProcessGroup.run(
            2,
            rank -> {
              Intake intake = intake().among(new Readers(rank, 2, Group.current().exchange()));
              ImageReading reading = new ImageReading(LOADER, intake, 40);
              return catchThrowable(() -> reading.all(files.subList(0, FILES - rank), file -> file))
                  .getMessage();
            });
    assertThat(said)
        .containsOnly(
            "The executors find different numbers of image files, [23, 22]; expected the same files"
                + " under the same path on each.");
  }

  /** A file that is mapped in several stretches. */
  @Test
  void pixelsInAFileAreThoseThatWereAdded() {
    PixelFile file = new PixelFile(5, 17);
    List<Pixels> all = new ArrayList<>();
    for (byte i = 0; i < 10; i++) {
      all.add(file.add(new byte[] {i, 1, 2, 3, (byte) -i}));
    }
    for (byte i = 9; i >= 0; i--) {
      assertThat(all.get(i).bytes()).containsExactly(i, 1, 2, 3, -i);
    }
  }
}
