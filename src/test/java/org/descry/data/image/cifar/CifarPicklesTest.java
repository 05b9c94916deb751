package org.descry.data.image.cifar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.descry.DataException;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The archives for Python are read like the binary ones, and nothing in them is run. */
class CifarPicklesTest {
  @TempDir Path folder;

  private static byte[] planes(long seed, int count) {
    byte[] planes = new byte[count * 3072];
    new Random(seed).nextBytes(planes);
    return planes;
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  @ParameterizedTest
  @EnumSource
  void cifar10IsReadAsFromItsBinaryFiles(Pickled.Writer writer) throws IOException {
    Path binary = Files.createDirectory(folder.resolve("binary"));
    Samples.cifar(binary.resolve("data_batch_1.bin"), 3, new int[] {4});
    Samples.cifar(binary.resolve("data_batch_2.bin"), 4, new int[] {0});
    Samples.cifar(binary.resolve("test_batch.bin"), 5, new int[] {1});
    ImageSplits expected = CifarFolder.read(binary);

    write("data_batch_1", Pickled.batch(writer, planes(3, 1), "labels", List.of(4)));
    write("data_batch_2", Pickled.batch(writer, planes(4, 1), "labels", List.of(0)));
    write("test_batch", Pickled.batch(writer, planes(5, 1), "labels", List.of(1)));
    assertThat(CifarFolder.isCifar(folder)).isTrue();
    ImageSplits read = CifarFolder.read(folder);

    assertThat(read.train().labelNames()).isEqualTo(expected.train().labelNames());
    for (int i = 0; i < 2; i++) {
      assertThat(read.train().image(i)).isEqualTo(expected.train().image(i));
      assertThat(read.train().label(i)).isEqualTo(expected.train().label(i));
    }
    assertThat(read.test().image(0)).isEqualTo(expected.test().image(0));
    assertThat(read.validation().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void cifar100HasFineAndCoarseLabels(Pickled.Writer writer) throws IOException {
    Path unpacked = Files.createDirectory(folder.resolve("cifar-100-python"));
    byte[] fine = Pickled.batch(writer, planes(1, 2), "fine_labels", List.of(1, 0));
    Files.write(unpacked.resolve("train"), fine);
    Files.write(
        unpacked.resolve("meta"),
        Pickled.names(writer, "fine_label_names", List.of("apple", "baby")));
    ImageSplits read = CifarFolder.read(folder);
    assertThat(read.train().labelNames()).containsExactly("apple", "baby");
    assertThat(read.train().label(0)).isEqualTo(1);

    byte[] coarse = Pickled.batch(writer, planes(1, 2), "coarse_labels", List.of(0, 0));
    Files.write(unpacked.resolve("train"), coarse);
    Files.write(
        unpacked.resolve("meta"), Pickled.names(writer, "coarse_label_names", List.of("fruit")));
    assertThat(CifarFolder.read(folder, CifarLabels.COARSE).train().labelNames())
        .containsExactly("fruit");
    assertThatThrownBy(() -> CifarFolder.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("meta holds no list of fine_label_names");
  }

  @ParameterizedTest
  @ValueSource(strings = {"os\nsystem\n", "builtins\neval\n", "numpy.core.multiarray\nother\n"})
  void whatAPickleNamesIsNotLookedUp(String name) throws IOException {
    String program = "\u0080\u0002c" + name + "X\u0004\0\0\0trueq\0\u0085R.";
    write("data_batch_1", program.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> CifarFolder.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data_batch_1")
        .hasMessageContaining("names " + name.split("\n")[0])
        .hasMessageContaining("plain values");
  }

  @Test
  void aFileThatUnpacksToMoreThanItselfIsRefused() throws IOException {
    StringBuilder bomb = new StringBuilder("\u0080\u0002}q\0(");
    bomb.append("c_codecs\nencode\nq\u0001X\u0080\0\0\0").append("x".repeat(128)).append("q\u0002");
    bomb.append("X\u0006\0\0\0latin1q\u0003".repeat(1));
    for (int i = 0; i < 100; i++) {
      bomb.append("h\u0001h\u0002h\u0003\u0086R");
    }
    write("data_batch_1", bomb.append("u.").toString().getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> CifarFolder.read(folder)).hasMessageContaining("more than itself");
  }

  @Test
  void aFileThatIsCutIsRefused() throws IOException {
    byte[] file = Pickled.batch(Pickled.Writer.PYTHON2, planes(1, 2), "labels", List.of(1, 0));
    for (int tenth = 1; tenth < 10; tenth++) {
      write("data_batch_1", Arrays.copyOf(file, file.length * tenth / 10));
      assertThatThrownBy(() -> CifarFolder.read(folder))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("data_batch_1")
          .hasMessageContaining("cut off");
    }
  }

  @Test
  void labelsThatDoNotFitAreTold() throws IOException {
    for (List<Integer> labels : List.of(List.of(1, 10), List.of(1))) {
      write("data_batch_1", Pickled.batch(Pickled.Writer.PYTHON2, planes(1, 2), "labels", labels));
      assertThatThrownBy(() -> CifarFolder.read(folder))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("data_batch_1")
          .hasMessageContaining("label");
    }
  }

  @Test
  void aNameThatTwoClassesHaveIsRefused() throws IOException {
    write(
        "data_batch_1", Pickled.batch(Pickled.Writer.PYTHON2, planes(1, 1), "labels", List.of(1)));
    write(
        "batches.meta",
        Pickled.names(Pickled.Writer.PYTHON2, "label_names", List.of("cat", "dog", "cat")));
    assertThatThrownBy(() -> CifarFolder.read(folder))
        .hasMessageContaining("the class cat twice (classes 0 and 2");
  }
}
