package org.descry.train;

import java.nio.file.Path;
import org.descry.DescryException;
import org.descry.data.Augmentation;
import org.descry.data.CifarDownload;
import org.descry.data.CifarDownload.Archive;
import org.descry.data.CifarFolder;
import org.descry.data.ImageFolder;
import org.descry.data.ImageSet;
import org.descry.data.ImageSplits;
import org.descry.data.Shapes;
import org.descry.train.job.ImageDataSettings;

/** Reads the pictures that a job names. */
final class JobData {
  private static final int RGB = 3;

  private JobData() {}

  /**
   * The three parts, none of them empty.
   *
   * @param seed of generated sets and of what is held out
   * @throws DescryException if the data cannot be read, or leaves a part empty
   */
  static ImageSplits load(ImageDataSettings data, long seed) {
    ImageSplits parts = read(data, seed);
    requirePictures("training", parts.train());
    requirePictures("validation", parts.validation());
    requirePictures("test", parts.test());
    return parts;
  }

  static Augmentation augmentation(ImageDataSettings data) {
    return new Augmentation(data.augment().mirror(), data.augment().shift());
  }

  private static ImageSplits read(ImageDataSettings data, long seed) {
    if (data instanceof ImageDataSettings.BuiltInShapes shapes) {
      return Shapes.generate(seed, shapes.train(), shapes.validation(), shapes.test());
    } else if (data instanceof ImageDataSettings.Cifar10 cifar) {
      return cifar(cifar.path(), cifar.download() ? Archive.CIFAR10 : null)
          .withValidation(cifar.validation(), seed);
    } else if (data instanceof ImageDataSettings.Cifar100 cifar) {
      return cifar(cifar.path(), cifar.download() ? Archive.CIFAR100 : null)
          .withValidation(cifar.validation(), seed);
    }
    ImageDataSettings.Folder folder = (ImageDataSettings.Folder) data;
    ImageSplits parts =
        ImageFolder.read(Path.of(folder.path()), folder.height(), folder.width(), RGB);
    return withTest(parts, folder.test(), seed).withValidation(folder.validation(), seed);
  }

  /**
   * @param download what to fetch where the folder holds no pictures, or null
   */
  private static ImageSplits cifar(String path, Archive download) {
    Path folder = Path.of(path);
    if (download != null && !CifarFolder.isCifar(folder)) {
      new CifarDownload().fetch(download, folder);
    }
    return CifarFolder.read(folder);
  }

  private static ImageSplits withTest(ImageSplits parts, double share, long seed) {
    if (!parts.test().isEmpty()) {
      return parts;
    }
    ImageSet.Split split =
        parts.train().split((int) Math.round(share * parts.train().size()), ~seed);
    return new ImageSplits(split.rest(), parts.validation(), split.heldOut());
  }

  private static void requirePictures(String part, ImageSet images) {
    if (images.isEmpty()) {
      throw new DescryException(
          "The data has no pictures in its %s part; expected at least one: see the data section of"
                  .formatted(part)
              + " the job.");
    }
  }
}
