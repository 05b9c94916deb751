package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import org.descry.data.OnBadRecord;
import org.descry.data.decode.ImageDecoder;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.job.schema.FilePath;

/** Labelled images. */
public sealed interface ImageDataSettings extends DataSettings {

  /** Random changes made to training images. */
  Augmentation augment();

  @Override
  default ImageDataSettings asTheyLie() {
    return this;
  }

  /** The built-in set: 32x32 coloured shapes on textured backgrounds, in ten classes. */
  @JsonClassDescription("The built-in set: 32x32 coloured shapes in ten classes, from the seed.")
  record BuiltInShapes(
      @Min(10)
          @Max(1_000_000)
          @JsonProperty(defaultValue = "8000")
          @JsonPropertyDescription("Images to train on.")
          int train,
      @Min(10)
          @Max(1_000_000)
          @JsonProperty(defaultValue = "1000")
          @JsonPropertyDescription("Images to choose the best model by.")
          int validation,
      @Min(10)
          @Max(1_000_000)
          @JsonProperty(defaultValue = "1000")
          @JsonPropertyDescription("Images to report on at the end.")
          int test,
      @JsonProperty(defaultValue = "{}")
          @JsonPropertyDescription("Random changes made to training images.")
          Augmentation augment)
      implements ImageDataSettings {}

  /** CIFAR-10 in its official binary layout. */
  @JsonClassDescription("CIFAR-10 in its official layout, binary or for Python.")
  record Cifar10(
      @NotNull @JsonPropertyDescription("Folder with data_batch_*.bin and test_batch.bin.")
          FilePath path,
      @Positive
          @Max(49_999)
          @JsonProperty(defaultValue = "5000")
          @JsonPropertyDescription("Training images held out to choose the best model by.")
          int validation,
      @JsonProperty(defaultValue = "false")
          @JsonPropertyDescription("Whether to fetch the official archive where path lacks it.")
          boolean download,
      @JsonProperty(defaultValue = "fail")
          @JsonPropertyDescription(
              "What becomes of a record that is cut off or has an impossible label: the job fails"
                  + " when all of the data have been read, or a few are left out; the run folder's"
                  + " bad-records.jsonl tells of each.")
          OnBadRecord onBadRecord,
      @Min(0)
          @JsonProperty(defaultValue = "10")
          @JsonPropertyDescription("Such records that may be left out before the job fails.")
          int maxBadRecords,
      @JsonProperty(defaultValue = "{}")
          @JsonPropertyDescription("Random changes made to training images.")
          Augmentation augment)
      implements ImageDataSettings {
    @Override
    public Cifar10 asTheyLie() {
      return new Cifar10(path, validation, false, onBadRecord, maxBadRecords, augment);
    }
  }

  /** CIFAR-100 in its official binary layout. */
  @JsonClassDescription("CIFAR-100 in its official layout, binary or for Python.")
  record Cifar100(
      @NotNull @JsonPropertyDescription("Folder with train.bin and test.bin.") FilePath path,
      @JsonProperty(defaultValue = "fine")
          @JsonPropertyDescription("Which labels count: the 100 fine ones or the 20 coarse ones.")
          CifarLabels labels,
      @Positive
          @Max(49_999)
          @JsonProperty(defaultValue = "5000")
          @JsonPropertyDescription("Training images held out to choose the best model by.")
          int validation,
      @JsonProperty(defaultValue = "false")
          @JsonPropertyDescription("Whether to fetch the official archive where path lacks it.")
          boolean download,
      @JsonProperty(defaultValue = "fail")
          @JsonPropertyDescription(
              "What becomes of a record that is cut off or has an impossible label: the job fails"
                  + " when all of the data have been read, or a few are left out; the run folder's"
                  + " bad-records.jsonl tells of each.")
          OnBadRecord onBadRecord,
      @Min(0)
          @JsonProperty(defaultValue = "10")
          @JsonPropertyDescription("Such records that may be left out before the job fails.")
          int maxBadRecords,
      @JsonProperty(defaultValue = "{}")
          @JsonPropertyDescription("Random changes made to training images.")
          Augmentation augment)
      implements ImageDataSettings {
    @Override
    public Cifar100 asTheyLie() {
      return new Cifar100(path, labels, validation, false, onBadRecord, maxBadRecords, augment);
    }
  }

  /** A folder of images, one folder per class. */
  @JsonClassDescription("A folder of images: one folder per class, or train/ and test/ of those.")
  record Folder(
      @NotNull
          @JsonPropertyDescription(
              "Folder with a folder per class, or with train/ and test/ (and validation/, valid/,"
                  + " val/ or dev/) of those.")
          FilePath path,
      @Min(8)
          @Max(1024)
          @JsonProperty(defaultValue = "32")
          @JsonPropertyDescription("Height that images are resized to, in pixels.")
          int height,
      @Min(8)
          @Max(1024)
          @JsonProperty(defaultValue = "32")
          @JsonPropertyDescription("Width that images are resized to, in pixels.")
          int width,
      @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("0.5")
          @JsonProperty(defaultValue = "0.1")
          @JsonPropertyDescription("Share of the training images held out for validation.")
          double validation,
      @DecimalMin(value = "0", inclusive = false)
          @DecimalMax("0.5")
          @JsonProperty(defaultValue = "0.1")
          @JsonPropertyDescription("Share held out for the test where there is no test/ folder.")
          double test,
      @Min(1)
          @Max(ImageDecoder.LARGEST_LIMIT)
          @JsonProperty(defaultValue = "64000000")
          @JsonPropertyDescription(
              "Most pixels (height times width) of an image file; larger ones are refused before"
                  + " they are decoded.")
          int maxPixels,
      @JsonProperty(defaultValue = "fail")
          @JsonPropertyDescription(
              "What becomes of an image that cannot be read or is too large: the job fails when all"
                  + " of the data have been read, or a few are left out; the run folder's"
                  + " bad-records.jsonl tells of each.")
          OnBadRecord onBadRecord,
      @Min(0)
          @JsonProperty(defaultValue = "10")
          @JsonPropertyDescription("Such records that may be left out before the job fails.")
          int maxBadRecords,
      @JsonProperty(defaultValue = "{}")
          @JsonPropertyDescription("Random changes made to training images.")
          Augmentation augment)
      implements ImageDataSettings {}

  /** Random changes made to a training image each time it is seen. */
  @JsonClassDescription("Random changes made to training images.")
  record Augmentation(
      @JsonProperty(defaultValue = "false")
          @JsonPropertyDescription("Mirror left and right with probability one half.")
          boolean mirror,
      @Min(0)
          @Max(64)
          @JsonProperty(defaultValue = "0")
          @JsonPropertyDescription("Shift by up to so many pixels each way.")
          int shift) {}
}
