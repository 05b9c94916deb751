package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

class FeatureFilesTest {
  @TempDir Path directory;

  /** An array as numpy writes it. */
  static byte[] npy(int version, String type, String shape, double... values) {
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

  @ParameterizedTest
  @CsvSource({"1,<f4", "2,<f4", "3,<f8", "1,<f8", "1,>f4", "2,>f8"})
  void readsEveryVersionTypeAndOrder(int version, String type) throws IOException {
    byte[] bytes = npy(version, type, "3,", 1, -2.5, 1e-3);
    NpyReader.Array array = NpyReader.read(new ByteArrayInputStream(bytes), "x.npy");
    assertThat(array.shape()).containsExactly(3);
    assertThat(array.values()).containsExactly(1f, -2.5f, 1e-3f);
  }

  @Test
  void readsWhatNd4jWrites() throws IOException {
    Path file = directory.resolve("nd4j.npy");
    Nd4j.writeAsNumpy(Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}), file.toFile());
    Files.writeString(directory.resolve("nd4j.txt"), "a.jpg\nb.jpg\n");
    FeatureFiles features = FeatureFiles.read(file);
    assertThat(features.width()).isEqualTo(3);
    assertThat(features.find("b.jpg")).containsExactly(4, 5, 6);
  }

  @Test
  void readsADirectoryByNameWithAndWithoutEnding() throws IOException {
    write("a.jpg.npy", npy(1, "<f4", "2,", 1, 2));
    write("b.npy", npy(1, "<f4", "1, 2", 3, 4));
    FeatureFiles features = FeatureFiles.read(directory);
    assertThat(features.find("a.jpg")).containsExactly(1, 2);
    assertThat(features.find("b.jpg")).containsExactly(3, 4);
    assertThat(features.find("c.jpg")).isNull();
  }

  @Test
  void readsAnArchiveWhoseEntriesAreNamedByPicture() throws IOException {
    Path file = directory.resolve("features.npz");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : new String[] {"a.jpg", "b"}) {
        zip.putNextEntry(new ZipEntry(name + ".npy"));
        zip.write(npy(1, "<f8", "2,", name.length(), 2));
        zip.closeEntry();
      }
    }
    FeatureFiles features = FeatureFiles.read(file);
    assertThat(features.find("a.jpg")).containsExactly(5, 2);
    assertThat(features.find("b.jpg")).containsExactly(1, 2);
    Path cut = write("cut.npz", Arrays.copyOf(Files.readAllBytes(file), 60));
    assertThatThrownBy(() -> FeatureFiles.read(cut))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("cut.npz");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "<i4; 2,; expected float32 or float64, got numpy type i4",
        "<f4; 3,; cut off",
        "<f4; 2000000000, 2000000000; too large",
        "<f4; 99999999999,; too large",
        "<f4; 1, 1, 2; 1 or 2 dimensions",
        "<f4; 2, 1; expected one vector"
      })
  void wrongArraysAreRefusedByName(String type, String shape, String message) throws IOException {
    write("a.npy", npy(1, type, shape, 1, 2));
    assertThatThrownBy(() -> FeatureFiles.read(directory))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("a.npy")
        .hasMessageContaining(message);
  }

  @Test
  void garbageIsRefused() throws IOException {
    write("a.npy", "garbage, long enough for a header".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> FeatureFiles.read(directory))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("not a numpy array");
    write("a.npy", new byte[0]);
    assertThatThrownBy(() -> FeatureFiles.read(directory)).isInstanceOf(DescryException.class);
  }

  @Test
  void everyByteOfTheHeaderMayBeDamaged() throws IOException {
    byte[] intact = npy(1, "<f4", "2,", 1, 2);
    for (int i = 0; i < intact.length; i++) {
      byte[] damaged = intact.clone();
      damaged[i] ^= 0x55;
      try {
        NpyReader.read(new ByteArrayInputStream(damaged), "x.npy");
      } catch (DescryException e) {
        assertThat(e).hasMessageContaining("x.npy");
      }
    }
  }

  @Test
  void vectorsOfTwoWidthsAndNotFiniteOnesAreRefused() throws IOException {
    write("a.npy", npy(1, "<f4", "2,", 1, 2));
    write("b.npy", npy(1, "<f4", "3,", 1, 2, 3));
    assertThatThrownBy(() -> FeatureFiles.read(directory))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("b.npy")
        .hasMessageContaining("expected 2 features")
        .hasMessageContaining("got: 3");
    write("b.npy", npy(1, "<f4", "2,", 1, Double.NaN));
    assertThatThrownBy(() -> FeatureFiles.read(directory))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void aMatrixNeedsItsNames() throws IOException {
    Path file = write("m.npy", npy(1, "<f4", "2, 1", 1, 2));
    assertThatThrownBy(() -> FeatureFiles.read(file)).hasMessageContaining("m.txt");
    Files.writeString(directory.resolve("m.txt"), "a\n");
    assertThatThrownBy(() -> FeatureFiles.read(file))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("each of the 1 names");
  }

  @Test
  void missingSourcesAreRefused() {
    assertThatThrownBy(() -> FeatureFiles.read(directory)).hasMessageContaining("no vector");
    assertThatThrownBy(() -> FeatureFiles.read(directory.resolve("none.npz")))
        .isInstanceOf(DescryException.class);
    assertThatThrownBy(() -> FeatureFiles.read(directory.resolve("x.csv")))
        .isInstanceOf(DescryException.class);
  }
}
