package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.descry.DescryException;
import org.descry.data.convert.DataInspector;
import org.descry.data.decode.FixtureFiles;
import org.descry.data.decode.ImageDecoder;
import org.descry.data.decode.RgbImage;
import org.descry.data.image.cifar.Pickled;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged images and image sets are read or refused in a sentence, soon; nothing else happens. */
class ImageFuzzTest {
  private static final int MAX_PIXELS = 1_000_000;
  private static final int HANG_SECONDS = 10;
  private static final ExecutorService READER = Executors.newSingleThreadExecutor();

  @TempDir Path folder;

  @AfterAll
  static void stop() {
    READER.shutdownNow();
  }

  /** Bits, bytes, numbers at their limits, cuts, holes and repeats. */
  private static byte[] mutated(byte[] file, Random random) {
    byte[] bytes = file.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 8; changes--) {
      // Headers matter more than pixels.
      int reach = random.nextBoolean() ? Math.min(bytes.length, 256) : bytes.length;
      int at = random.nextInt(reach);
      int length = Math.min(bytes.length - at, 1 + random.nextInt(8));
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> Arrays.fill(bytes, at, at + length, (byte) 0xff);
        case 3 -> Arrays.fill(bytes, at, at + length, (byte) 0);
        case 4 -> bytes = Arrays.copyOf(bytes, at + 1);
        case 5 -> bytes = joined(bytes, at, at + length);
        default -> bytes = joined(bytes, at + length, at);
      }
    }
    return bytes;
  }

  private static byte[] joined(byte[] bytes, int until, int from) {
    byte[] joined = Arrays.copyOf(bytes, until + bytes.length - from);
    System.arraycopy(bytes, from, joined, until, bytes.length - from);
    return joined;
  }

  /** The answer, or null if it was refused in the way that {@code refusal} says. */
  private static <T> T soon(Callable<T> reading, Class<? extends Exception> refusal, String what) {
    try {
      return READER.submit(reading).get(HANG_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      assertThat(e.getCause()).as(what).isInstanceOf(refusal);
      assertThat(e.getCause().getMessage())
          .as(what)
          .matches("(?s).{10,1000}")
          .doesNotContain("Exception: java", "\tat ");
      return null;
    } catch (TimeoutException e) {
      return fail("%s: not read in %d seconds".formatted(what, HANG_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted");
    }
  }

  private static void images(int mutationsOfEach, long seed) throws IOException {
    Random random = new Random(seed);
    int refused = 0;
    int all = 0;
    for (Map.Entry<String, byte[]> image : FixtureFiles.images().entrySet()) {
      for (int i = 0; i < mutationsOfEach; i++) {
        byte[] file = mutated(image.getValue(), random);
        String what = "%s, mutation %d of seed %d".formatted(image.getKey(), i, seed);
        RgbImage read = soon(() -> ImageDecoder.decode(file, MAX_PIXELS), IOException.class, what);
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
    Random random = new Random(seed);
    Map<String, byte[]> files = FixtureFiles.images();
    List<byte[]> images = new ArrayList<>(files.values());
    byte[] data = new byte[2 * 3072];
    for (int i = 0; i < mutations; i++) {
      Path set = Files.createDirectory(folder.resolve("set" + seed + "-" + i));
      Pickled.Writer writer = Pickled.Writer.values()[i % 3];
      byte[] pickle = Pickled.batch(writer, data, "labels", List.of(1, 0));
      byte[] names = Pickled.names(writer, "label_names", List.of("a", "b"));
      switch (i % 4) {
        case 0 -> Files.write(set.resolve("data_batch_1"), mutated(pickle, random));
        case 1 -> {
          Files.write(set.resolve("data_batch_1"), pickle);
          Files.write(set.resolve("batches.meta"), mutated(names, random));
        }
        case 2 -> {
          byte[] records = Arrays.copyOf(data, 2 * 3073);
          Files.write(
              set.resolve("data_batch_1.bin"),
              random.nextBoolean() ? mutated(records, random) : records);
          Files.write(
              set.resolve("batches.meta.txt"),
              mutated("cat\ndog\nbird\n".getBytes(StandardCharsets.UTF_8), random));
        }
        default -> {
          for (String name : new String[] {"train/a/1.png", "train/b/1", "valid/a/x.jpg"}) {
            Path file = set.resolve(name);
            Files.createDirectories(file.getParent());
            byte[] image = images.get(random.nextInt(images.size()));
            Files.write(file, random.nextInt(3) == 0 ? mutated(image, random) : image);
          }
        }
      }
      String what = "set %d of seed %d".formatted(i, seed);
      soon(() -> DataInspector.inspect(set, 8), DescryException.class, what);
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
