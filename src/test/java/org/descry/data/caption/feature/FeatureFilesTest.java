package org.descry.data.caption.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.descry.DescryException;
import org.descry.data.Intake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

public class FeatureFilesTest {
  private static FeatureFiles read(Path source) {
    Intake intake = Intake.strict();
    FeatureFiles features = FeatureFiles.read(source, intake);
    intake.settle();
    return features;
  }

  @TempDir Path directory;

  /** An array as numpy writes it. */
  public static byte[] npy(int version, String type, String shape, double... values) {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n".formatted(type, shape);
    ByteBuffer out = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    out.put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) header.length());
    } else {
      out.putInt(header.length());
    }
    out.put(header.getBytes(StandardCharsets.US_ASCII));
    out.order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (type.endsWith("8")) {
        out.putDouble(value);
      } else {
        out.putFloat((float) value);
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  @Test
  void readsWhatNd4jWrites() throws IOException {
    Path file = directory.resolve("nd4j.npy");
    Nd4j.writeAsNumpy(Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}), file.toFile());
    Files.writeString(directory.resolve("nd4j.txt"), "a.jpg\nb.jpg\n");
    FeatureFiles features = read(file);
    assertThat(features.width()).isEqualTo(3);
    assertThat(features.get("b.jpg")).containsExactly(4, 5, 6);
  }

  @Test
  void readsADirectory() throws IOException {
    write("a.jpg.npy", npy(1, "<f4", "2,", 1, 2));
    write("b.npy", npy(1, "<f4", "1, 2", 3, 4));
    FeatureFiles features = read(directory);
    assertThat(features.get("a.jpg")).containsExactly(1, 2);
    assertThat(features.get("b")).containsExactly(3, 4);
    assertThat(features.get("c")).isNull();
  }

  @Test
  void readsAnArchiveWhoseEntriesAreNamedByImage() throws IOException {
    Path file = directory.resolve("features.npz");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : new String[] {"a.jpg", "b"}) {
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(npy(1, "<f8", "2,", name.length(), 2));
        zip.closeEntry();
      }
    }
    FeatureFiles features = read(file);
    assertThat(features.get("a.jpg")).containsExactly(5, 2);
    assertThat(features.get("b")).containsExactly(1, 2);
    Path cut = write("cut.npz", Arrays.copyOf(Files.readAllBytes(file), 60));
    assertThatThrownBy(() -> read(cut))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("cut.npz");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "<c8; 2,; expected float16, float32, float64 or whole numbers, got numpy type <c8",
        "|O; 2,; got numpy type |O",
        "<f4; 3,; cut off",
        "<f4; 2000000000, 2000000000; expected one vector",
        "<f4; 99999999999,; expected at most 16777216 features",
        "<f4; 1, 1, 2; 1 or 2 dimensions",
        "<f4; 2, 1; expected one vector"
      })
  void wrongArraysAreRefusedByName(String type, String shape, String message) throws IOException {
    write("a.npy", npy(1, type, shape, 1, 2));
    assertThatThrownBy(() -> read(directory))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("a.npy")
        .hasMessageContaining(message);
  }

  @Test
  void garbageIsRefused() throws IOException {
    write("a.npy", "garbage, long enough for a header".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> read(directory))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("not a numpy array");
    write("a.npy", new byte[0]);
    assertThatThrownBy(() -> read(directory)).isInstanceOf(DescryException.class);
  }

  @Test
  void vectorsOfTwoWidthsAndNotFiniteOnesAreRefused() throws IOException {
    write("a.npy", npy(1, "<f4", "2,", 1, 2));
    write("b.npy", npy(1, "<f4", "3,", 1, 2, 3));
    assertThatThrownBy(() -> read(directory))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("b.npy")
        .hasMessageContaining("expected 2 features")
        .hasMessageContaining("got: 3");
    write("b.npy", npy(1, "<f4", "2,", 1, Double.NaN));
    assertThatThrownBy(() -> read(directory))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void aMatrixNeedsItsNames() throws IOException {
    Path file = write("m.npy", npy(1, "<f4", "2, 1", 1, 2));
    assertThatThrownBy(() -> read(file)).hasMessageContaining("m.txt");
    Files.writeString(directory.resolve("m.txt"), "a\n");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("each of the 1 names");
  }

  @Test
  void missingSourcesAreRefused() {
    assertThatThrownBy(() -> read(directory)).hasMessageContaining("no vector");
    assertThatThrownBy(() -> read(directory.resolve("none.npz")))
        .isInstanceOf(DescryException.class);
    assertThatThrownBy(() -> read(directory.resolve("x.csv"))).isInstanceOf(DescryException.class);
  }

  /** Where numpy writes to a pipe, sizes and sums stand behind the entries, and in zip64 fields. */
  @ParameterizedTest
  @CsvSource({"8,AlwaysWithCompatibility", "8,AsNeeded", "0,AlwaysWithCompatibility", "0,Never"})
  void readsArchivesFromAPipe(int method, Zip64Mode zip64) throws IOException {
    ByteArrayOutputStream pipe = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(pipe)) {
      zip.setUseZip64(zip64);
      for (int i = 0; i < 3; i++) {
        byte[] array = npy(1, "<f4", "2,", i, 2);
        ZipArchiveEntry entry = new ZipArchiveEntry("p" + i + ".npy");
        entry.setMethod(method);
        entry.setSize(array.length);
        CRC32 sum = new CRC32();
        sum.update(array);
        entry.setCrc(sum.getValue());
        zip.putArchiveEntry(entry);
        zip.write(array);
        zip.closeArchiveEntry();
      }
    }
    FeatureFiles features = read(write("piped.npz", pipe.toByteArray()));
    for (int i = 0; i < 3; i++) {
      assertThat(features.get("p" + i)).containsExactly(i, 2);
    }
  }

  @Test
  void aSumThatDoesNotFitIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] array = npy(1, "<f4", "2,", 1, 2);
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      ZipEntry entry = new ZipEntry("a.npy");
      CRC32 sum = new CRC32();
      sum.update(array);
      entry.setCrc(sum.getValue());
      entry.setSize(array.length);
      zip.putNextEntry(entry);
      zip.write(array);
      zip.closeEntry();
    }
    byte[] bytes = out.toByteArray();
    bytes[30 + "a.npy".length() + array.length - 1] ^= 1; // the last byte of the array
    Path file = write("a.npz", bytes);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("a.npz!a.npy: expected one intact numpy array");
  }

  @Test
  void aNameThatComesTwiceIsRefused() throws IOException {
    Path file = write("m.npy", npy(1, "<f4", "2, 1", 1, 2));
    Files.writeString(directory.resolve("m.txt"), "a\na\n");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("expected each name once, got a again");
  }
}
