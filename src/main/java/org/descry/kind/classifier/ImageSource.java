package org.descry.kind.classifier;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.builtin.Shapes;
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

/** Reads the images that a job names. */
final class ImageSource {
  private static final int CIFAR10_CLASSES = 10;
  private static final int RGB = 3;
  private static final int CIFAR_SIDE = 32;

  private static final Cases<ImageDataSettings, Size> SIZES =
      Cases.<ImageDataSettings, Size>of(ImageDataSettings.class)
          .same(
              new Size(CIFAR_SIDE, CIFAR_SIDE),
              ImageDataSettings.BuiltInShapes.class,
              ImageDataSettings.Cifar10.class,
              ImageDataSettings.Cifar100.class)
          .when(ImageDataSettings.Folder.class, folder -> new Size(folder.height(), folder.width()))
          .exhaustive();

  private static final Cases<ImageDataSettings, LongFunction<ImageSplits>> PARTS =
      Cases.<ImageDataSettings, LongFunction<ImageSplits>>of(ImageDataSettings.class)
          .when(
              ImageDataSettings.BuiltInShapes.class,
              shapes ->
                  seed -> Shapes.generate(seed, shapes.train(), shapes.validation(), shapes.test()))
          .when(
              ImageDataSettings.Cifar10.class,
              data ->
                  seed ->
                      cifar(data.path(), Archive.CIFAR10, data.download(), CifarLabels.FINE)
                          .withValidation(data.validation(), seed))
          .when(
              ImageDataSettings.Cifar100.class,
              data ->
                  seed ->
                      cifar(data.path(), Archive.CIFAR100, data.download(), labels(data.labels()))
                          .withValidation(data.validation(), seed))
          .when(ImageDataSettings.Folder.class, folder -> seed -> folder(folder, seed))
          .exhaustive();

  private ImageSource() {}

  private static CifarLabels labels(ImageDataSettings.Labels labels) {
    return CifarLabels.valueOf(labels.name());
  }

  /** Height and width of images. */
  record Size(int height, int width) {}

  /** What images will have, as the settings say it. */
  static Size size(ImageDataSettings data) {
    return SIZES.of(data);
  }

  /**
   * The three parts, none of them empty.
   *
   * @param seed of generated sets and of what is held out
   * @throws DescryException if the data cannot be read, leaves a part empty, or shows fewer than
   *     two classes to train on
   */
  static ImageSplits load(ImageDataSettings data, long seed) {
    ImageSplits parts = PARTS.of(data).apply(seed);
    requireImages("training", parts.train());
    requireImages("validation", parts.validation());
    requireImages("test", parts.test());
    requireClasses(parts.train());
    return parts;
  }

  static Augmentation augmentation(ImageDataSettings data) {
    return new Augmentation(data.augment().mirror(), data.augment().shift());
  }

  private static ImageSplits folder(ImageDataSettings.Folder folder, long seed) {
    ImageLoader loader = new ImageLoader(folder.height(), folder.width(), RGB, folder.maxPixels());
    ImageSplits parts = ImageFolder.read(folder.path().find(), loader);
    return withTest(parts, folder.test(), seed).withValidation(folder.validation(), seed);
  }

  /**
   * @param archive what the folder is to hold
   * @param download whether to fetch it where the folder holds no images
   */
  private static ImageSplits cifar(
      FilePath path, Archive archive, boolean download, CifarLabels labels) {
    Path folder = download ? path.findOrNew() : path.find();
    if (download && !CifarFolder.isCifar(folder)) {
      new CifarDownload().fetch(archive, folder);
    }
    ImageSplits images = CifarFolder.read(folder, labels);
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
