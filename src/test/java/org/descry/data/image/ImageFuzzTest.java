package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.descry.DescryException;
import org.descry.data.convert.DataInspector;
import org.descry.data.decode.FixtureFiles;
import org.descry.data.decode.ImageDecoder;
import org.descry.data.decode.RgbImage;
import org.descry.data.image.cifar.Pickled;
import org.descry.testing.Damage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged images and image sets are read or refused in a sentence, soon; nothing else happens. */
class ImageFuzzTest {
  private static final int MAX_PIXELS = 1_000_000;

  @TempDir Path folder;

  private static void images(int mutationsOfEach, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    int all = 0;
    for (Map.Entry<String, byte[]> image : FixtureFiles.images().entrySet()) {
      for (int i = 0; i < mutationsOfEach; i++) {
        byte[] file = Damage.ofBinary(image.getValue(), random);
        String what = "%s, mutation %d of seed %d".formatted(image.getKey(), i, seed);
        RgbImage read =
            Damage.readOrRefused(
                () -> ImageDecoder.decode(file, MAX_PIXELS), IOException.class, what);
        if (read == null) {
          refused++;
        } else {
          assertThat((long) read.height() * read.width()).isBetween(1L, (long) MAX_PIXELS);
          assertThat(read.pixels()).hasSize(read.height() * read.width() * 3);
        }
        all++;
      }
    }
    assertThat(refused).isBetween(all / 10, all - all / 50);
  }

  private void sets(int mutations, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, byte[]> files = FixtureFiles.images();
    List<byte[]> images = new ArrayList<>(files.values());
    byte[] data = new byte[2 * 3072];
    for (int i = 0; i < mutations; i++) {
      Path set = Files.createDirectory(folder.resolve("set" + seed + "-" + i));
      Pickled.Writer writer = Pickled.Writer.values()[i % 3];
      byte[] pickle = Pickled.batch(writer, data, "labels", List.of(1, 0));
      byte[] names = Pickled.names(writer, "label_names", List.of("a", "b"));
      switch (i % 4) {
        case 0 -> Files.write(set.resolve("data_batch_1"), Damage.ofBinary(pickle, random));
        case 1 -> {
          Files.write(set.resolve("data_batch_1"), pickle);
          Files.write(set.resolve("batches.meta"), Damage.ofBinary(names, random));
        }
        case 2 -> {
          byte[] records = Arrays.copyOf(data, 2 * 3073);
          Files.write(
              set.resolve("data_batch_1.bin"),
              random.nextBoolean() ? Damage.ofBinary(records, random) : records);
          Files.write(
              set.resolve("batches.meta.txt"),
              Damage.ofBinary("cat\ndog\nbird\n".getBytes(StandardCharsets.UTF_8), random));
        }
        default -> {
          for (String name : new String[] {"train/a/1.png", "train/b/1", "valid/a/x.jpg"}) {
            Path file = set.resolve(name);
            Files.createDirectories(file.getParent());
            byte[] image = images.get(random.nextInt(images.size()));
            Files.write(file, random.nextInt(3) == 0 ? Damage.ofBinary(image, random) : image);
          }
        }
      }
      String what = "set %d of seed %d".formatted(i, seed);
      Damage.readOrRefused(() -> DataInspector.inspect(set, 8), DescryException.class, what);
    }
  }

  @Test
  void aFewDamagedImages() throws IOException {
    images(12, 1);
  }

  @Test
  void aFewDamagedSets() throws IOException {
    sets(200, 2);
  }

  @Test
  @Tag("slow")
  void thousandsOfDamagedImagesAndSets() throws IOException {
    for (int seed = 10; seed < 20; seed++) {
      images(100, seed);
      sets(1000, seed);
    }
  }
}
