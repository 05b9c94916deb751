package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.descry.data.OnBadRecord;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.caption.file.CaptionFormat;
import org.descry.data.decode.ImageDecoder;
import org.descry.job.schema.FilePath;

/** Images, or features of images, with captions. */
public sealed interface CaptionDataSettings extends DataSettings {

  /** The built-in scenes of one to three figures. */
  @JsonClassDescription("The built-in set: 48x48 scenes of one to three figures, from the seed.")
  record BuiltInScenes(
      @Min(10)
          @Max(1_000_000)
          @JsonProperty(defaultValue = "4000")
          @JsonPropertyDescription("Images to train on, with five captions each.")
          int train,
      @Min(10)
          @Max(1_000_000)
          @JsonProperty(defaultValue = "500")
          @JsonPropertyDescription("Images to choose the best model by.")
          int validation,
      @Min(10)
          @Max(1_000_000)
          @JsonProperty(defaultValue = "500")
          @JsonPropertyDescription("Images to report on at the end.")
          int test)
      implements CaptionDataSettings {}

  /** Caption files, with a folder of images or with features. */
  @JsonClassDescription("Caption files, with a folder of images or with features.")
  record Files(
      @NotNull @JsonPropertyDescription("The caption file.") FilePath captions,
      @JsonProperty(defaultValue = "auto")
          @JsonPropertyDescription(
              "How it is written: Flickr8k's tokens, Kaggle's tables (with commas, bars or tabs),"
                  + " COCO's or Karpathy's JSON; auto looks into it.")
          CaptionFormat format,
      @JsonPropertyDescription(
              "Folder of the images, which lie in it where the caption file says, or anywhere"
                  + " below it.")
          FilePath images,
      @JsonPropertyDescription(
              "In place of images, features by image name, COCO id or imgid: folder of .npy,"
                  + " .npz, or .npy with names in .txt.")
          FilePath features,
      @JsonPropertyDescription(
              "The parts, as caption files or lists of image names. When absent: the caption"
                  + " file's own, or a tenth each held out.")
          Splits splits,
      @Min(8)
          @Max(1024)
          @JsonProperty(defaultValue = "64")
          @JsonPropertyDescription("Height that images are resized to, in pixels.")
          int height,
      @Min(8)
          @Max(1024)
          @JsonProperty(defaultValue = "64")
          @JsonPropertyDescription("Width that images are resized to, in pixels.")
          int width,
      @Min(1)
          @JsonProperty(defaultValue = "5")
          @JsonPropertyDescription("Words that occur less often in training captions are unknown.")
          int minCount,
      @Min(1)
          @Max(1000)
          @JsonProperty(defaultValue = "20")
          @JsonPropertyDescription("Longest caption, in words.")
          int maxWords,
      @JsonProperty(defaultValue = "truncate")
          @JsonPropertyDescription("What becomes of a longer one.")
          LongCaptions longCaptions,
      @Min(0)
          @JsonProperty(defaultValue = "0")
          @JsonPropertyDescription("Images that may be missing before the job fails.")
          int maxMissing,
      @JsonProperty(defaultValue = "skip")
          @JsonPropertyDescription(
              "What becomes of a caption without a word, a record that holds no caption, and an"
                  + " image or features that cannot be read: the job fails when all of the data"
                  + " have been read, or a few are left out; the run folder's bad-records.jsonl"
                  + " tells of each.")
          OnBadRecord onBadRecord,
      @Min(0)
          @JsonProperty(defaultValue = "10")
          @JsonPropertyDescription("Such records that may be left out before the job fails.")
          int maxBadRecords,
      @Min(1)
          @Max(ImageDecoder.LARGEST_LIMIT)
          @JsonProperty(defaultValue = "64000000")
          @JsonPropertyDescription(
              "Most pixels (height times width) of an image file; larger ones are refused before"
                  + " they are decoded.")
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
    }
  }

  /** Lists of image names, one a line, or caption files of parts. */
  @JsonClassDescription("The parts: lists of image names, or caption files of parts.")
  record Splits(
      @JsonPropertyDescription("List of the training images.") FilePath train,
      @JsonPropertyDescription("List of the validation images.") FilePath validation,
      @JsonPropertyDescription("List of the test images.") FilePath test,
      @JsonPropertyDescription("Caption file of the validation part.") FilePath validationCaptions,
      @JsonPropertyDescription("Caption file of the test part.") FilePath testCaptions,
      @JsonPropertyDescription("Folder of the validation images, when absent: images.")
          FilePath validationImages,
      @JsonPropertyDescription("Folder of the test images, when absent: images.")
          FilePath testImages) {}
}
