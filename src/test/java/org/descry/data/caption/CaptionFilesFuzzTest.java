package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.descry.DescryException;
import org.descry.data.Intake;
import org.descry.data.Intake.BadRecord;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.caption.feature.FeatureFiles;
import org.descry.data.caption.feature.FeatureFilesTest;
import org.descry.testing.Damage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Damaged caption and feature files are read, or refused in a sentence: nothing else is thrown, and
 * nothing takes long.
 */
class CaptionFilesFuzzTest {
  private static final CaptionLimits LIMITS = new CaptionLimits(1, 9, LongCaptions.TRUNCATE, 9);
  private static final int FEW = 150;
  private static final int MANY = 10_000;

  private static final List<String> CAPTIONS =
      List.of(
          "a.png#0\tA red dog .\na.png#1\tThe dog\nb.png#0\tA \"cat\" caf\u00e9\n",
          "image,caption\r\na.png,A red dog .\r\nb.png,\"A cat , \"\" big \"\" .\"\r\n",
          "\uFEFFimage_name| comment_number| comment\na.png| 0| A dog .\nb.png| 4   A cat .\n",
          """
          {"images": [{"id": 7, "file_name": "a.png"}, {"id": "x", "file_name": "b.png"}],
           "annotations": [{"image_id": 7, "caption": "A dog."},
                           {"image_id": "x", "caption": "A \\u0063at."}], "info": {"n": [1, {}]}}
          """,
          """
          {"images": [{"filepath": "f", "filename": "a.png", "cocoid": 7, "split": "train",
                       "sentences": [{"raw": "A dog.", "tokens": ["a", "dog"]}]},
                      {"filename": "b.png", "imgid": 2, "split": "val",
                       "sentences": [{"tokens": ["a", "cat"]}]}], "dataset": "tiny"}
          """);

  @TempDir Path directory;

  @BeforeAll
  static void hush() {
    logger().setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    logger().setLevel(null);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(CaptionAssembly.class);
  }

  @BeforeEach
  void draw() throws IOException {
    for (String name : List.of("a.png", "b.png")) {
      BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
      ImageIO.write(image, "png", directory.resolve(name).toFile());
    }
    Files.writeString(directory.resolve("good.txt"), CAPTIONS.get(0));
    Files.writeString(directory.resolve("m.txt"), "a\nb\n");
  }

  /** Arrays whose widths and types differ, alone and in archives of both methods. */
  private static List<byte[]> arrays() {
    return List.of(
        FeatureFilesTest.npy(1, "<f4", "2, 3", 1, 2, 3, 4, 5, 6),
        FeatureFilesTest.npy(2, ">f8", "2, 1", 1, 2),
        FeatureFilesTest.npy(3, "<f8", "2, 2", 1, 2, 3, 4));
  }

  private static List<byte[]> archives() throws IOException {
    List<byte[]> archives = new ArrayList<>();
    for (int level : new int[] {0, 9}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(out)) {
        zip.setLevel(level);
        for (String name : List.of("a.npy", "b.npy")) {
          zip.putNextEntry(new ZipEntry(name));
          zip.write(FeatureFilesTest.npy(1, "<f4", "3,", 1, 2, 3));
          zip.closeEntry();
        }
      }
      archives.add(out.toByteArray());
    }
    return archives;
  }

  /** Returns whether the files were read. */
  private static boolean reads(CaptionFiles files, String what) {
    CaptionData data =
        Damage.readOrRefused(
            () -> CaptionData.load(files, LIMITS, 2, 2, 1), DescryException.class, what);
    assertThat(data == null || data.train().size() > 0).as(what).isTrue();
    return data != null;
  }

  private void captions(int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = directory.resolve("captions");
    int read = 0;
    for (int i = 0; i < count; i++) {
      byte[] whole = CAPTIONS.get(i % CAPTIONS.size()).getBytes(StandardCharsets.UTF_8);
      Files.write(file, Damage.ofText(whole, random));
      read += reads(CaptionFiles.of(file, directory), "captions " + i) ? 1 : 0;
    }
    assertThat(read).isBetween(1, count - 1); // neither all nor nothing is damage that tests
  }

  /** Lists of the parts' images, and the names of a matrix's rows. */
  private void names(int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path names = directory.resolve("m.txt");
    Files.write(directory.resolve("m.npy"), arrays().get(0));
    CaptionFiles good = CaptionFiles.of(directory.resolve("good.txt"), directory);
    int read = 0;
    for (int i = 0; i < count; i++) {
      boolean list = i % 2 == 0;
      String whole = list ? "a.png\n" : "a.png\nb.png\n";
      Files.write(names, Damage.ofText(whole.getBytes(StandardCharsets.UTF_8), random));
      CaptionFiles files =
          list
              ? good.withLists(new CaptionFiles.SplitLists(names, null, names))
              : good.withFeatures(directory.resolve("m.npy"));
      read += reads(files, "names " + i) ? 1 : 0;
    }
    assertThat(read).isBetween(1, count - 1);
  }

  private void features(String name, List<byte[]> wholes, int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = directory.resolve(name);
    CaptionFiles files =
        CaptionFiles.of(directory.resolve("good.txt"), directory).withFeatures(file);
    int read = 0;
    for (int i = 0; i < count; i++) {
      Files.write(file, Damage.ofText(wholes.get(i % wholes.size()), random));
      read += reads(files, name + " " + i) ? 1 : 0;
    }
    assertThat(read).isBetween(1, count - 1);
  }

  @Test
  void undamagedFilesAreRead() throws IOException {
    Path file = directory.resolve("captions");
    for (String captions : CAPTIONS) {
      Files.writeString(file, captions);
      assertThat(reads(CaptionFiles.of(file, directory), captions)).isTrue();
    }
    CaptionFiles good = CaptionFiles.of(directory.resolve("good.txt"), directory);
    for (byte[] array : arrays()) {
      Files.write(directory.resolve("m.npy"), array);
      assertThat(reads(good.withFeatures(directory.resolve("m.npy")), "npy")).isTrue();
    }
    for (byte[] archive : archives()) {
      Files.write(directory.resolve("m.npz"), archive);
      assertThat(reads(good.withFeatures(directory.resolve("m.npz")), "npz")).isTrue();
    }
  }

  @Test
  void damagedCaptionFilesAreReadOrRefused() throws IOException {
    captions(FEW, 1);
    names(FEW, 7);
  }

  @Test
  void damagedArraysAreReadOrRefused() throws IOException {
    features("m.npy", arrays(), FEW, 2);
  }

  @Test
  void damagedArchivesAreReadOrRefused() throws IOException {
    features("m.npz", archives(), FEW, 3);
  }

  /** Other numbers under the checksum of these are no features. */
  @Test
  void vectorsThatFailTheirChecksumAreBadRecords() throws IOException {
    Path file = directory.resolve("m.npz");
    byte[] stored = archives().get(0);
    byte[] number = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(2).array();
    String text = new String(stored, StandardCharsets.ISO_8859_1);
    stored[text.indexOf(new String(number, StandardCharsets.ISO_8859_1))] ^= 1;
    Files.write(file, stored);
    Intake intake = Intake.strict();
    FeatureFiles.read(file, intake);
    assertThat(intake.leftOut()).extracting(BadRecord::position).containsExactly("entry a.npy");
    assertThatThrownBy(intake::settle).isInstanceOf(DescryException.class);
  }

  @Test
  @Tag("slow")
  void thousandsOfDamagedCaptionFiles() throws IOException {
    captions(MANY, 4);
    names(MANY, 8);
  }

  @Test
  @Tag("slow")
  void thousandsOfDamagedFeatureFiles() throws IOException {
    features("m.npy", arrays(), MANY, 5);
    features("m.npz", archives(), MANY, 6);
  }
}
