package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.descry.DescryException;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.caption.feature.FeatureFilesTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
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
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final int FEW = 150;
  private static final int MANY = 3_000;

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

  // What damage is likeliest to be taken for something.
  private static final List<String> TOKENS =
      List.of(
          "\"",
          "{",
          "}",
          "[",
          "]",
          ",",
          "|",
          "\t",
          "\n",
          "\r",
          "#0\t",
          "null",
          "true",
          "1e999",
          "1e-999999999",
          "99999999999999999999999",
          "-7",
          "\\",
          "\\ud800",
          "\u001b[2J",
          "\0",
          "../",
          "/",
          "'",
          "(",
          ")",
          "L",
          "True",
          "False",
          ">",
          "O",
          "f2",
          "PK",
          "...",
          "\uFEFF",
          "valid");

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
    return (Logger) LoggerFactory.getLogger(CaptionLoader.class);
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

  /** Bits turned, bytes written over, pieces cut out, doubled and put in. */
  private static byte[] damaged(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole;
    for (int i = random.nextInt(1, 5); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      int end = Math.min(bytes.length, at + random.nextInt(1, 20));
      byte[] token = TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
      switch (random.nextInt(7)) {
        case 0 -> {
          bytes = bytes.clone();
          bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        case 1 -> {
          bytes = bytes.clone();
          bytes[at] = (byte) random.nextInt(256);
        }
        case 2 -> bytes = spliced(bytes, at, end, new byte[0]);
        case 3 -> bytes = spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
        case 4 -> bytes = spliced(bytes, at, at, token);
        case 5 -> bytes = spliced(bytes, at, Math.min(bytes.length, at + token.length), token);
        default -> bytes = Arrays.copyOf(bytes, random.nextInt(8) == 0 ? at : bytes.length);
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] piece) {
    byte[] out = new byte[from + piece.length + bytes.length - to];
    System.arraycopy(bytes, 0, out, 0, from);
    System.arraycopy(piece, 0, out, from, piece.length);
    System.arraycopy(bytes, to, out, from + piece.length, bytes.length - to);
    return out;
  }

  /** Returns whether the files were read. */
  private static boolean reads(CaptionFiles files, String what) {
    return Assertions.assertTimeout(
        LONGEST,
        () -> {
          try {
            CaptionData data = CaptionData.load(files, LIMITS, 2, 2, 1);
            assertThat(data.train().size()).as(what).isPositive();
            return true;
          } catch (DescryException e) {
            assertThat(e.getMessage()).as(what).isNotBlank().doesNotContain("Exception", "bug");
            assertThat(e.getMessage().chars().anyMatch(Character::isISOControl))
                .as(e.getMessage())
                .isFalse();
            return false;
          }
        });
  }

  private void captions(int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = directory.resolve("captions");
    int read = 0;
    for (int i = 0; i < count; i++) {
      byte[] whole = CAPTIONS.get(i % CAPTIONS.size()).getBytes(StandardCharsets.UTF_8);
      Files.write(file, damaged(whole, random));
      read += reads(CaptionFiles.of(file, directory), "captions " + i) ? 1 : 0;
    }
    assertThat(read).isBetween(1, count - 1); // neither all nor nothing is damage that tests
  }

  private void features(String name, List<byte[]> wholes, int count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = directory.resolve(name);
    CaptionFiles files =
        CaptionFiles.of(directory.resolve("good.txt"), directory).withFeatures(file);
    int read = 0;
    for (int i = 0; i < count; i++) {
      Files.write(file, damaged(wholes.get(i % wholes.size()), random));
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
  }

  @Test
  void damagedArraysAreReadOrRefused() throws IOException {
    features("m.npy", arrays(), FEW, 2);
  }

  @Test
  void damagedArchivesAreReadOrRefused() throws IOException {
    features("m.npz", archives(), FEW, 3);
  }

  @Test
  @Tag("slow")
  void thousandsOfDamagedCaptionFiles() throws IOException {
    captions(MANY, 4);
  }

  @Test
  @Tag("slow")
  void thousandsOfDamagedFeatureFiles() throws IOException {
    features("m.npy", arrays(), MANY, 5);
    features("m.npz", archives(), MANY, 6);
  }
}
