package org.descry.data.image.cifar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.Pixels;
import org.descry.data.image.cifar.CifarRecordReader.Layout;
import org.descry.io.EndingFiles;

/**
 * CIFAR-10 and CIFAR-100 as their archives for Python hold them: each file is a pickled dictionary
 * with {@code data}, N x 3072 bytes (red, green and blue planes), and {@code labels}, or {@code
 * fine_labels} and {@code coarse_labels}; {@code batches.meta} or {@code meta} names the classes.
 */
final class CifarPickles {
  private static final int MAX_BYTES = 512 << 20; // the largest official file has 155 MB
  private static final int PLANE = CifarRecordReader.PIXELS;
  private static final int RECORD = CifarRecordReader.CHANNELS * PLANE;

  private CifarPickles() {}

  /** Whether {@code file} is there and begins as a pickle does. */
  static boolean isPickle(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = EndingFiles.open(file)) {
      return in.read() == 0x80;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * @param training the files of the training part
   * @throws DescryException if a file is damaged, or holds anything but such a dictionary
   */
  static ImageSplits read(Path root, List<Path> training, CifarLabels labels, Intake intake) {
    boolean hundred = training.get(0).getFileName().toString().equals("train");
    Layout layout = hundred ? Layout.cifar100(labels) : Layout.CIFAR10;
    String key = hundred ? labels + "_labels" : "labels";
    Path meta = root.resolve(hundred ? "meta" : "batches.meta");
    String names = hundred ? labels + "_label_names" : "label_names";
    List<String> labelNames =
        Files.isRegularFile(meta)
            ? names(meta, names)
            : IntStream.range(0, layout.classes).mapToObj(Integer::toString).toList();
    Path test = root.resolve(hundred ? "test" : "test_batch");
    return ImageSplits.of(
        part(training, key, labelNames, intake),
        null,
        Files.isRegularFile(test) ? part(List.of(test), key, labelNames, intake) : null);
  }

  private static ImageSet part(
      List<Path> files, String key, List<String> labelNames, Intake intake) {
    List<Pixels> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    Function<byte[], Pixels> keep = Pixels.keeping(intake, RECORD);
    Consumer<byte[]> add = pixels -> images.add(keep.apply(pixels));
    for (Path file : files) {
      addFile(file, key, labelNames.size(), add, labels, intake);
    }
    return new ImageSet(
        CifarRecordReader.SIZE,
        CifarRecordReader.SIZE,
        CifarRecordReader.CHANNELS,
        labelNames,
        images.toArray(Pixels[]::new),
        labels.stream().mapToInt(Integer::intValue).toArray(),
        null);
  }

  private static void addFile(
      Path file,
      String key,
      int classes,
      Consumer<byte[]> images,
      List<Integer> labels,
      Intake intake) {
    Map<?, ?> dictionary = intake.reading(file, () -> dictionary(file));
    if (!(dictionary.get("data") instanceof PickledArray data)
        || data.shape().size() != 2
        || data.shape().get(1) != RECORD
        || data.shape().get(0) < 1) {
      throw new DataException(
          "CIFAR file %s holds no data of N x %s bytes; expected a file of the archive for Python."
              .formatted(file, RECORD));
    }
    int count = Math.toIntExact(data.shape().get(0));
    if (!(dictionary.get(key) instanceof List<?> found) || found.size() != count) {
      throw new DataException(
          "CIFAR file %s holds no list of %s %s, one an image.".formatted(file, count, key));
    }
    byte[] planes = data.values().array();
    for (int i = 0; i < count; i++) {
      if (!(found.get(i) instanceof Long label) || label < 0 || label >= classes) {
        String shown = found.get(i) instanceof Long number ? number.toString() : "?";
        intake.leaveOut(
            new BadRecordException(
                file,
                "record " + i,
                "CIFAR file %s has label %s in record %s, expected 0 to %s."
                    .formatted(file, shown, i, classes - 1)));
      } else {
        labels.add(label.intValue());
        images.accept(interleaved(planes, i * RECORD));
      }
    }
  }

  private static byte[] interleaved(byte[] planes, int from) {
    byte[] pixels = new byte[RECORD];
    for (int i = 0, out = 0; i < PLANE; i++) {
      pixels[out++] = planes[from + i];
      pixels[out++] = planes[from + PLANE + i];
      pixels[out++] = planes[from + 2 * PLANE + i];
    }
    return pixels;
  }

  private static List<String> names(Path meta, String key) {
    if (!(dictionary(meta).get(key) instanceof List<?> found)
        || !found.stream().allMatch(byte[].class::isInstance)) {
      throw new DataException("%s holds no list of %s.".formatted(meta, key));
    }
    return ClassNames.checked(
        found.stream()
            .map(name -> new String((byte[]) name, StandardCharsets.UTF_8).strip())
            .toList(),
        meta);
  }

  private static Map<?, ?> dictionary(Path file) {
    try (InputStream in = EndingFiles.open(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES);
      if (bytes.length == MAX_BYTES) {
        throw new DataException(
            "CIFAR file %s has %s bytes or more; expected at most %s."
                .formatted(file, MAX_BYTES, MAX_BYTES - 1));
      }
      if (Pickle.read(bytes) instanceof Map<?, ?> dictionary) {
        return dictionary;
      }
      throw new DataException(
          "CIFAR file %s holds no dictionary; expected a file of the archive for Python."
              .formatted(file));
    } catch (IOException e) {
      throw new DataException(
          "CIFAR file %s cannot be read as one of the archive for Python: it %s."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
