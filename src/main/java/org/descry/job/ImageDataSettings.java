package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.FilePath;
import org.descry.job.schema.Key;

/** Labelled images. */
public sealed interface ImageDataSettings extends DataSettings {
  /** What {@code maxPixels} is at most. */
  int MOST_PIXELS = 1_000_000_000;

  /** Which of CIFAR-100's two labels count. */
  enum Labels {
    FINE,
    COARSE
  }

  /** What {@code fit} is. */
  String FIT =
      "What becomes of an image of another shape than height and width: squashed into it, cropped"
          + " in the middle, or padded with black on both sides.";

  /** What becomes of an image of another shape. */
  enum Fit {
    SQUASH,
    CROP,
    PAD
  }

  /** Random changes made to training images. */
  Augmentation augment();

  /** Height of the images that a network gets, in pixels. */
  default int height() {
    return 32;
  }

  /** Width of the images that a network gets, in pixels. */
  default int width() {
    return 32;
  }

  @Override
  default ImageDataSettings asTheyLie() {
    return this;
  }

  /** The built-in set: 32x32 coloured shapes on textured backgrounds, in ten classes. */
  @JsonClassDescription("The built-in set: 32x32 coloured shapes in ten classes, from the seed.")
  record BuiltInShapes(
      @Key(value = "Images to train on.", standard = "8000", range = "[10, 1000000]") int train,
      @Key(
              value = "Images to choose the best model by.",
              standard = "1000",
              range = "[10, 1000000]")
          int validation,
      @Key(value = "Images to report on at the end.", standard = "1000", range = "[10, 1000000]")
          int test,
      @Key(value = Keys.AUGMENT, standard = "{}") Augmentation augment)
      implements ImageDataSettings {}

  /** CIFAR-10 in its official binary layout. */
  @JsonClassDescription("CIFAR-10 in its official layout, binary or for Python.")
  record Cifar10(
      @Key(value = "Folder with data_batch_*.bin and test_batch.bin.", required = true)
          FilePath path,
      @Key(value = Keys.CIFAR_VALIDATION, standard = "5000", range = "(0, 49999]") int validation,
      @Key(value = Keys.CIFAR_DOWNLOAD, standard = "false") boolean download,
      @Key(value = Keys.CIFAR_BAD_RECORD, standard = "fail") OnBadRecord onBadRecord,
      @Key(value = OnBadRecord.MOST, standard = "10", range = "[0, inf)") int maxBadRecords,
      @Key(value = Keys.AUGMENT, standard = "{}") Augmentation augment)
      implements ImageDataSettings {
    @Override
    public Cifar10 asTheyLie() {
      return new Cifar10(path, validation, false, onBadRecord, maxBadRecords, augment);
    }
  }

  /** CIFAR-100 in its official binary layout. */
  @JsonClassDescription("CIFAR-100 in its official layout, binary or for Python.")
  record Cifar100(
      @Key(value = "Folder with train.bin and test.bin.", required = true) FilePath path,
      @Key(
              value = "Which labels count: the 100 fine ones or the 20 coarse ones.",
              standard = "fine")
          Labels labels,
      @Key(value = Keys.CIFAR_VALIDATION, standard = "5000", range = "(0, 49999]") int validation,
      @Key(value = Keys.CIFAR_DOWNLOAD, standard = "false") boolean download,
      @Key(value = Keys.CIFAR_BAD_RECORD, standard = "fail") OnBadRecord onBadRecord,
      @Key(value = OnBadRecord.MOST, standard = "10", range = "[0, inf)") int maxBadRecords,
      @Key(value = Keys.AUGMENT, standard = "{}") Augmentation augment)
      implements ImageDataSettings {
    @Override
    public Cifar100 asTheyLie() {
      return new Cifar100(path, labels, validation, false, onBadRecord, maxBadRecords, augment);
    }
  }

  /** A folder of images, one folder per class. */
  @JsonClassDescription("A folder of images: one folder per class, or train/ and test/ of those.")
  record Folder(
      @Key(
              value =
                  "Folder with a folder per class, or with train/ and test/ (and validation/,"
                      + " valid/, val/ or dev/) of those.",
              required = true)
          FilePath path,
      @Key(value = Keys.HEIGHT, standard = "32", range = "[8, 1024]") int height,
      @Key(value = Keys.WIDTH, standard = "32", range = "[8, 1024]") int width,
      @Key(value = FIT, standard = "squash") Fit fit,
      @Key(
              value = "Share of the training images held out for validation.",
              standard = "0.1",
              range = "(0, 0.5]")
          double validation,
      @Key(
              value = "Share held out for the test where there is no test/ folder.",
              standard = "0.1",
              range = "(0, 0.5]")
          double test,
      @Key(value = Keys.MAX_PIXELS, standard = "64000000", range = "[1, " + MOST_PIXELS + "]")
          int maxPixels,
      @Key(
              value =
                  "What becomes of an image that cannot be read or is too large"
                      + OnBadRecord.CONSEQUENCE,
              standard = "fail")
          OnBadRecord onBadRecord,
      @Key(value = OnBadRecord.MOST, standard = "10", range = "[0, inf)") int maxBadRecords,
      @Key(value = Keys.AUGMENT, standard = "{}") Augmentation augment)
      implements ImageDataSettings {}

  /** Random changes made to a training image each time it is seen. */
  @JsonClassDescription("Random changes made to training images.")
  record Augmentation(
      @Key(value = "Mirror left and right with probability one half.", standard = "false")
          boolean mirror,
      @Key(value = "Shift by up to so many pixels each way.", standard = "0", range = "[0, 64]")
          int shift,
      @Key(
              value =
                  "Whether a coin decides for each image in its first epoch alone and every epoch"
                      + " mirrors what the one before did not; with mirror.",
              standard = "false")
          boolean alternate,
      @Key(
              value = "Whether a shift uncovers the image's own mirrored edge, not the mean.",
              standard = "false")
          boolean reflect,
      @Key(
              value = "Side of a square at a random place that is set to the mean; 0 for none.",
              standard = "0",
              range = "[0, 1024]")
          int cutout,
      @Key(
              value =
                  "Probability to set a rectangle of 2 to 33 percent of the image to the mean"
                      + " (random erasing).",
              standard = "0",
              range = "[0, 1]")
          double erase,
      @Key(
              value =
                  "How far brightness, contrast and saturation change, each by a factor from 1 -"
                      + " jitter to 1 + jitter.",
              standard = "0",
              range = "[0, 1)")
          double jitter,
      @Key(
              value =
                  "Least share of the image's area that a random crop keeps, which is resized to"
                      + " the whole (random resized crop); 1 for none.",
              standard = "1",
              range = "(0, 1]")
          double crop,
      @Key(
              value =
                  "Blends each image and its label with another of the batch, by a share from a"
                      + " beta distribution with this parameter (mixup); 0 for none.",
              standard = "0",
              range = "[0, 100]")
          double mixup) {
    public Augmentation {
      if (alternate && !mirror) {
        throw new IllegalArgumentException("alternate is true, but expected mirror to be so too");
      }
    }

    /**
     * Checks what depends on the images and on the batches.
     *
     * @param training null where it is not known
     * @throws IllegalArgumentException if a change leaves nothing of an image, or finds nothing to
     *     change it by
     */
    void check(ImageDataSettings images, TrainingSettings training) {
      requireShift("data.augment.shift", shift, images.height(), images.width());
      int larger = Math.max(images.height(), images.width());
      if (cutout >= larger) {
        throw new IllegalArgumentException(
            "data.augment.cutout is %s, but expected less than %s, with images of %s x %s"
                .formatted(cutout, larger, images.height(), images.width()));
      }
      if (mixup > 0 && training != null && training.batchSize() == 1) {
        throw new IllegalArgumentException(
            "data.augment.mixup is %s, but expected 0 with training.batchSize 1: a batch has no"
                    .formatted(mixup)
                + " other image to blend with");
      }
    }

    /**
     * @throws IllegalArgumentException if an image may be shifted away whole
     */
    static void requireShift(String key, int shift, int height, int width) {
      int smaller = Math.min(height, width);
      if (shift >= smaller) {
        throw new IllegalArgumentException(
            "%s is %s, but expected less than %s, with images of %s x %s"
                .formatted(key, shift, smaller, height, width));
      }
    }
  }
}
