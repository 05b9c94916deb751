package org.descry.data.caption;

import org.descry.data.Intake;
import org.descry.data.OnBadRecord;
import org.descry.data.decode.ImageDecoder;
import org.descry.data.image.ImageLoader;

/**
 * The parts of a captioning job.
 *
 * @param train what is learnt; makes the vocabulary and the normaliser
 * @param validation what the best model is selected by; may hold nothing
 * @param test what is reported; may hold nothing
 * @param missing number of images left out because they were not found
 * @param badRecords number of records left out because they hold no usable caption
 */
public record CaptionData(
    CaptionSet train, CaptionSet validation, CaptionSet test, int missing, int badRecords) {
  private static final int RGB = 3;

  /** Parts that nothing was left out of. */
  public CaptionData(CaptionSet train, CaptionSet validation, CaptionSet test) {
    this(train, validation, test, 0, 0);
  }

  /** The vocabulary of all three parts. */
  public Vocabulary vocabulary() {
    return train.vocabulary();
  }

  /**
   * As below, with images of {@link ImageDecoder#MAX_PIXELS} at most, leaving out up to {@value
   * OnBadRecord#MOST} bad records.
   */
  static CaptionData load(
      CaptionFiles files, CaptionLimits limits, int height, int width, long seed) {
    ImageLoader images = new ImageLoader(height, width, RGB);
    return load(files, limits, images, seed, new Intake(OnBadRecord.SKIP, OnBadRecord.MOST));
  }

  /**
   * Reads captions and decodes the images they are about, each once.
   *
   * @param images loads what the captions are about (no matter for features)
   * @param seed draws the images held out where the files know no parts
   * @throws org.descry.DescryException if a file is missing or damaged, a caption is too long, more
   *     images are missing than {@code limits} allows or records bad, an image is in two parts, or
   *     no training pair is left
   */
  public static CaptionData load(
      CaptionFiles files, CaptionLimits limits, ImageLoader images, long seed, Intake intake) {
    return new CaptionLoader(files, limits, seed, intake).load(images);
  }

  /**
   * Reads captions to measure a model by: those of the file's own test part, or all if it has none.
   *
   * @param images loads what the captions are about (no matter for features)
   * @throws org.descry.DescryException as {@link #load}
   */
  public static CaptionSet test(
      CaptionFiles files, CaptionLimits limits, ImageLoader images, Intake intake) {
    return new CaptionLoader(files, limits, 1, intake).loadTest(images);
  }
}
