package org.descry.kind.classifier;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Intake;
import org.descry.data.builtin.Shapes;
import org.descry.data.decode.Fit;
import org.descry.data.image.Augmentation;
import org.descry.data.image.ImageFolder;
import org.descry.data.image.ImageLoader;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.cifar.CifarDownload;
import org.descry.data.image.cifar.CifarDownload.Archive;
import org.descry.data.image.cifar.CifarFolder;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.job.Cases;
import org.descry.job.ImageDataSettings;
import org.descry.job.schema.FilePath;
import org.descry.job.schema.Yaml;

/** Reads the images that a job names. */
final class ImageSource {
  private static final int CIFAR10_CLASSES = 10;
  private static final int RGB = 3;
  private static final int CIFAR_SIDE = 32;

  private static final Cases<ImageDataSettings, Reader> READERS =
      Cases.<ImageDataSettings, Reader>of(ImageDataSettings.class)
          .when(
              ImageDataSettings.BuiltInShapes.class,
              shapes ->
                  (seed, intake) ->
                      Shapes.generate(seed, shapes.train(), shapes.validation(), shapes.test()))
          .when(
              ImageDataSettings.Cifar10.class,
              data ->
                  (seed, intake) ->
                      cifar(
                          data.path(), Archive.CIFAR10, data.download(), CifarLabels.FINE, intake))
          .when(
              ImageDataSettings.Cifar100.class,
              data ->
                  (seed, intake) ->
                      cifar(
                          data.path(),
                          Archive.CIFAR100,
                          data.download(),
                          labels(data.labels()),
                          intake))
          .when(ImageDataSettings.Folder.class, folder -> (seed, intake) -> folder(folder, intake))
          .exhaustive();

  private static final Cases<ImageDataSettings, Divider> DIVIDERS =
      Cases.<ImageDataSettings, Divider>of(ImageDataSettings.class)
          .when(ImageDataSettings.BuiltInShapes.class, shapes -> (parts, seed) -> parts)
          .when(
              ImageDataSettings.Cifar10.class,
              data -> (parts, seed) -> parts.withValidation(data.validation(), seed))
          .when(
              ImageDataSettings.Cifar100.class,
              data -> (parts, seed) -> parts.withValidation(data.validation(), seed))
          .when(
              ImageDataSettings.Folder.class,
              folder ->
                  (parts, seed) ->
                      withTest(parts, folder.test(), seed)
                          .withValidation(folder.validation(), seed))
          .exhaustive();

  /** Reads the images as they lie. */
  private interface Reader {
    ImageSplits read(long seed, Intake intake);
  }

  /** Holds out the parts that the source does not have. */
  private interface Divider {
    ImageSplits divide(ImageSplits parts, long seed);
  }

  private ImageSource() {}

  private static CifarLabels labels(ImageDataSettings.Labels labels) {
    return CifarLabels.valueOf(labels.name());
  }

  /**
   * What was read.
   *
   * @param parts the three of them, none of them empty
   * @param read the images as they lie, before anything is held out
   */
  record Loaded(ImageSplits parts, ImageSplits read) {}

  /**
   * @param seed of generated sets and of what is held out
   * @throws DescryException if the data cannot be read, leaves a part empty, or shows fewer than
   *     two classes to train on
   */
  static Loaded load(ImageDataSettings data, long seed, Intake intake) {
    ImageSplits read =
        ImageSplits.shared(key(data, seed), intake, () -> READERS.of(data).read(seed, intake));
    ImageSplits parts = DIVIDERS.of(data).divide(read, seed);
    requireImages("training", parts.train());
    requireImages("validation", parts.validation());
    requireImages("test", parts.test());
    requireClasses(parts.train());
    return new Loaded(parts, read);
  }

  /** What images depend on as they lie: not what is held out or done to them later. */
  private static String key(ImageDataSettings data, long seed) {
    ObjectNode key = (ObjectNode) Yaml.recorded(data);
    key.remove("augment");
    if (data instanceof ImageDataSettings.BuiltInShapes) {
      key.put("seed", seed);
    } else {
      key.remove(List.of("validation", "test", "download"));
    }
    return key.toString();
  }

  static Augmentation augmentation(ImageDataSettings data) {
    ImageDataSettings.Augmentation asked = data.augment();
    return new Augmentation(
        asked.mirror(),
        asked.shift(),
        asked.alternate(),
        asked.reflect(),
        asked.cutout(),
        asked.erase(),
        asked.jitter(),
        asked.crop(),
        asked.mixup());
  }

  private static ImageSplits folder(ImageDataSettings.Folder folder, Intake intake) {
    ImageLoader loader =
        new ImageLoader(
            folder.height(),
            folder.width(),
            RGB,
            folder.maxPixels(),
            Fit.valueOf(folder.fit().name()));
    return ImageFolder.read(intake.reading(folder.path(), folder.path()::find), loader, intake);
  }

  /**
   * @param archive what the folder is to hold
   * @param download whether to fetch it where the folder holds no images
   */
  private static ImageSplits cifar(
      FilePath path, Archive archive, boolean download, CifarLabels labels, Intake intake) {
    Path folder = intake.reading(path, () -> download ? path.findOrNew() : present(path));
    if (download && !CifarFolder.isCifar(folder)) {
      new CifarDownload().fetch(archive, folder);
    }
    ImageSplits images = CifarFolder.read(folder, labels, intake);
    int classes = images.train().classes();
    // The folder's layout decides how it is read: ten classes at most have one label byte.
    boolean hundred = classes > CIFAR10_CLASSES;
    if (hundred != archive.equals(Archive.CIFAR100)) {
      throw new DataException(
          "data.path %s holds CIFAR-%s files of %s classes; expected data.source %s for them."
              .formatted(
                  folder, hundred ? "100" : "10", classes, hundred ? "cifar100" : "cifar10"));
    }
    return images;
  }

  /** A folder that is not there, or empty, may be one whose files have yet to be fetched. */
  private static Path present(FilePath path) {
    Optional<Path> found = path.found();
    if (found.filter(CifarFolder::isCifar).isEmpty()) {
      throw new DataException(
          "data.path: %s %s; expected CIFAR files in it (data_batch_1.bin and so on, or train.bin). A training fetches them with --set data.download=true."
              .formatted(path, found.isEmpty() ? "does not exist" : "holds none"));
    }
    return found.get();
  }

  private static ImageSplits withTest(ImageSplits parts, double share, long seed) {
    if (!parts.test().isEmpty()) {
      return parts;
    }
    ImageSet.Split split =
        parts.train().split((int) Math.round(share * parts.train().size()), ~seed);
    return new ImageSplits(split.rest(), parts.validation(), split.heldOut());
  }

  /** Of classes that only have a name nothing can be learnt. */
  private static void requireClasses(ImageSet images) {
    int[] counts = images.counts();
    List<String> present =
        IntStream.range(0, counts.length)
            .filter(k -> counts[k] > 0)
            .mapToObj(images.labelNames()::get)
            .toList();
    if (present.size() < 2) {
      throw new DataException(
          "The training part has images of one class alone: %s; expected at least two classes."
              .formatted(present.get(0)));
    }
  }

  private static void requireImages(String part, ImageSet images) {
    if (images.isEmpty()) {
      throw new DataException(
          "The data has no images in its %s part; expected at least one: see the data section of"
                  .formatted(part)
              + " the job.");
    }
  }
}
