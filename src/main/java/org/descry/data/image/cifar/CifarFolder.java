package org.descry.data.image.cifar;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.datavec.api.split.CollectionInputSplit;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Intake;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.cifar.CifarRecordReader.Layout;
import org.descry.io.IoErrors;

/**
 * A folder in the official binary layout: {@code data_batch_*.bin} and {@code test_batch.bin}
 * (CIFAR-10) or {@code train.bin} and {@code test.bin} (CIFAR-100). Descry's own converter also
 * writes {@code validation_batch.bin}, which the official sets do not have. The archives for Python
 * are read too: {@code data_batch_*} and {@code test_batch}, or {@code train} and {@code test}.
 */
public final class CifarFolder {
  static final String TEST = "test_batch.bin";
  static final String VALIDATION = "validation_batch.bin";
  private static final String BINARY = "data_batch_\\d{1,9}\\.bin";
  private static final String PICKLED = "data_batch_\\d{1,9}";
  private static final List<String> UNPACKED =
      List.of(
          "cifar-10-batches-bin", "cifar-100-binary", "cifar-10-batches-py", "cifar-100-python");

  private static final long OFFICIAL = 50_000;

  private CifarFolder() {}

  /** As below, with CIFAR-100's fine labels. */
  public static ImageSplits read(Path folder) {
    return read(folder, CifarLabels.FINE);
  }

  /**
   * Reads all parts, a byte a pixel and channel. The folder may also be the one above, as the
   * official archives unpack.
   *
   * @throws DescryException if the folder holds no training file, or a file is damaged
   */
  public static ImageSplits read(Path folder, CifarLabels labels) {
    return read(folder, labels, Intake.strict());
  }

  /** As above, where records that cannot be used may be left out. */
  public static ImageSplits read(Path folder, CifarLabels labels, Intake intake) {
    ImageSplits parts = intake.reading(folder, () -> parts(folder, labels, intake));
    intake.settle();
    return parts;
  }

  private static ImageSplits parts(Path folder, CifarLabels labels, Intake intake) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          "CIFAR folder "
              + folder
              + " does not exist or is no folder; expected one with data_batch_1.bin and so on, or"
              + " train.bin.");
    }
    Path root = root(folder);
    Path train100 = root.resolve("train.bin");
    if (Files.isRegularFile(train100)) {
      Layout layout = Layout.cifar100(labels);
      return ImageSplits.of(
          readFiles(List.of(train100), layout, intake),
          readIfPresent(root.resolve("validation.bin"), layout, intake),
          readIfPresent(root.resolve("test.bin"), layout, intake));
    }
    List<Path> batches = batches(root, BINARY);
    if (batches.isEmpty()) {
      List<Path> pickled = pickled(root);
      if (!pickled.isEmpty()) {
        return CifarPickles.read(root, pickled, labels, intake);
      }
      throw new DataException(
          "Folder "
              + folder
              + " holds no CIFAR training files: expected data_batch_1.bin and so on, or"
              + " train.bin.");
    }
    return ImageSplits.of(
        readFiles(batches, Layout.CIFAR10, intake),
        readIfPresent(root.resolve(VALIDATION), Layout.CIFAR10, intake),
        readIfPresent(root.resolve(TEST), Layout.CIFAR10, intake));
  }

  /** Whether {@link #read} would find a training file here. */
  public static boolean isCifar(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    Path root = root(folder);
    return Files.isRegularFile(root.resolve("train.bin"))
        || !batches(root, BINARY).isEmpty()
        || !pickled(root).isEmpty();
  }

  /** Whether the training files are those of CIFAR-100. */
  public static boolean is100(Path folder) {
    Path root = root(folder);
    return Files.isRegularFile(root.resolve("train.bin"))
        || batches(root, BINARY).isEmpty() && batches(root, PICKLED).isEmpty();
  }

  /** Whether the folder has a validation part of its own, which the official sets do not. */
  public static boolean hasValidation(Path folder) {
    Path root = root(folder);
    return Stream.of(VALIDATION, "validation.bin")
        .anyMatch(name -> Files.isRegularFile(root.resolve(name)));
  }

  /**
   * How many training images there are by the sizes of binary files; that of the official sets for
   * archives for Python, which only reading tells.
   *
   * @throws DataException if the files cannot be looked at
   */
  public static long trainingImages(Path folder) {
    Path root = root(folder);
    List<Path> batches = is100(folder) ? List.of(root.resolve("train.bin")) : batches(root, BINARY);
    Layout layout = is100(folder) ? Layout.CIFAR100 : Layout.CIFAR10;
    long bytes = 0;
    try {
      for (Path batch : batches) {
        bytes += Files.exists(batch) ? Files.size(batch) : 0;
      }
    } catch (IOException e) {
      throw new DataException("CIFAR folder " + folder + " cannot be read: " + IoErrors.of(e), e);
    }
    return bytes == 0 ? OFFICIAL : bytes / layout.recordBytes();
  }

  private static Path root(Path folder) {
    return UNPACKED.stream()
        .map(folder::resolve)
        .filter(Files::isDirectory)
        .findFirst()
        .orElse(folder);
  }

  /** The training files of an archive for Python. */
  private static List<Path> pickled(Path root) {
    List<Path> batches = batches(root, PICKLED);
    Path train = root.resolve("train");
    return batches.isEmpty() && CifarPickles.isPickle(train) ? List.of(train) : batches;
  }

  private static List<Path> batches(Path root, String pattern) {
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(file -> file.getFileName().toString().matches(pattern))
          .sorted(Comparator.comparingInt(CifarFolder::number))
          .toList();
    } catch (IOException e) {
      throw new DataException("Folder " + root + " cannot be listed: " + IoErrors.of(e), e);
    }
  }

  private static int number(Path batch) {
    return Integer.parseInt(batch.getFileName().toString().replaceAll("\\D", ""));
  }

  private static ImageSet readIfPresent(Path file, Layout layout, Intake intake) {
    return Files.exists(file) ? readFiles(List.of(file), layout, intake) : null;
  }

  /** Reads {@code files} as one set. */
  static ImageSet readFiles(List<Path> files, Layout layout, Intake intake) {
    List<URI> locations = files.stream().map(Path::toUri).toList();
    try (CifarRecordReader reader = new CifarRecordReader(layout, intake)) {
      reader.initialize(new CollectionInputSplit(locations));
      return reader.readAll(intake);
    } catch (IOException e) {
      throw new DataException("CIFAR files " + files + " cannot be read: " + IoErrors.of(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("Reading CIFAR files " + files + " was interrupted.", e);
    }
  }
}
