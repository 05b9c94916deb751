package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.FilePath;
import org.descry.job.schema.Key;

/** Images, or features of images, with captions. */
public sealed interface CaptionDataSettings extends DataSettings {
  /** What {@code bucketing} is. */
  String BUCKETING =
      "Whether a batch is made of images whose longest captions are of about one length, so that"
          + " less is computed on padding.";

  /** Whether batches are made of captions of about one length. */
  boolean bucketing();

  /** Height of the images that a network gets, in pixels. */
  default int height() {
    return 48;
  }

  /** Width of the images that a network gets, in pixels. */
  default int width() {
    return 48;
  }

  /** How a caption file is written. */
  enum Format {
    AUTO,
    FLICKR8K,
    KAGGLE,
    COCO,
    KARPATHY
  }

  /** What becomes of a caption that is too long. */
  enum LongCaptions {
    FAIL,
    TRUNCATE,
    DROP
  }

  /** What the words of a caption are. */
  enum Tokenizer {
    PLAIN,
    PTB
  }

  /** The built-in scenes of one to three figures. */
  @JsonClassDescription("The built-in set: 48x48 scenes of one to three figures, from the seed.")
  record BuiltInScenes(
      @Key(
              value = "Images to train on, with five captions each.",
              standard = "4000",
              range = "[10, 1000000]")
          int train,
      @Key(value = "Images to choose the best model by.", standard = "500", range = "[10, 1000000]")
          int validation,
      @Key(value = "Images to report on at the end.", standard = "500", range = "[10, 1000000]")
          int test,
      @Key(value = BUCKETING, standard = "false") boolean bucketing)
      implements CaptionDataSettings {}

  /** Caption files, with a folder of images or with features. */
  @JsonClassDescription("Caption files, with a folder of images or with features.")
  record Files(
      @Key(value = "The caption file.", required = true) FilePath captions,
      @Key(
              value =
                  "How it is written: Flickr8k's tokens, Kaggle's tables (with commas, bars or"
                      + " tabs), COCO's or Karpathy's JSON; auto looks into it.",
              standard = "auto")
          Format format,
      @Key(
              "Folder of the images, which lie in it where the caption file says, or anywhere below"
                  + " it.")
          FilePath images,
      @Key(
              "In place of images, features by image name, COCO id or imgid: folder of .npy, .npz,"
                  + " or .npy with names in .txt.")
          FilePath features,
      @Key(
              "The parts, as caption files or lists of image names. When absent: the caption file's"
                  + " own, or a tenth each held out.")
          Splits splits,
      @Key(value = Keys.HEIGHT, standard = "64", range = "[8, 1024]") int height,
      @Key(value = Keys.WIDTH, standard = "64", range = "[8, 1024]") int width,
      @Key(value = ImageDataSettings.FIT, standard = "squash") ImageDataSettings.Fit fit,
      @Key(
              value = "Words that occur less often in training captions are unknown.",
              standard = "5",
              range = "[1, inf)")
          int minCount,
      @Key(
              value =
                  "What words are: runs of letters and digits (plain), or as the Penn Treebank and"
                      + " the field's evaluation code cut them (ptb): hyphens and numbers stay"
                      + " whole, n't and 's are words.",
              standard = "plain")
          Tokenizer tokenizer,
      @Key(value = "Longest caption, in words.", standard = "20", range = "[1, 1000]") int maxWords,
      @Key(value = "What becomes of a longer one.", standard = "truncate")
          LongCaptions longCaptions,
      @Key(value = BUCKETING, standard = "false") boolean bucketing,
      @Key(
              value = "Whether training images are flipped left and right with probability 1/2.",
              standard = "false")
          boolean mirror,
      @Key(
              value = "Most pixels that training images are moved by in each direction.",
              standard = "0",
              range = "[0, 1024]")
          int shift,
      @Key(
              value = "Images that may be missing before the job fails.",
              standard = "0",
              range = "[0, inf)")
          int maxMissing,
      @Key(
              value =
                  "What becomes of a caption without a word, a record that holds no caption, and an"
                      + " image or features that cannot be read"
                      + OnBadRecord.CONSEQUENCE,
              standard = "skip")
          OnBadRecord onBadRecord,
      @Key(value = OnBadRecord.MOST, standard = "10", range = "[0, inf)") int maxBadRecords,
      @Key(
              value = Keys.MAX_PIXELS,
              standard = "64000000",
              range = "[1, " + ImageDataSettings.MOST_PIXELS + "]")
          int maxPixels)
      implements CaptionDataSettings {
    public Files {
      if ((images == null) == (features == null)) {
        throw new IllegalArgumentException("expected exactly one of images and features");
      }
      if (images == null
          && splits != null
          && (splits.validationImages() != null || splits.testImages() != null)) {
        throw new IllegalArgumentException(
            "expected images beside splits.validationImages or splits.testImages, got features");
      }
      if (images == null && (mirror || shift > 0)) {
        throw new IllegalArgumentException("expected images to mirror or to shift, got features");
      }
    }

    /**
     * @throws IllegalArgumentException if an image may be shifted away whole
     */
    void requireShift() {
      ImageDataSettings.Augmentation.requireShift("data.shift", shift, height, width);
    }
  }

  /** Lists of image names, one a line, or caption files of parts. */
  @JsonClassDescription("The parts: lists of image names, or caption files of parts.")
  record Splits(
      @Key("List of the training images.") FilePath train,
      @Key("List of the validation images.") FilePath validation,
      @Key("List of the test images.") FilePath test,
      @Key("Caption file of the validation part.") FilePath validationCaptions,
      @Key("Caption file of the test part.") FilePath testCaptions,
      @Key("Folder of the validation images, when absent: images.") FilePath validationImages,
      @Key("Folder of the test images, when absent: images.") FilePath testImages) {}
}
