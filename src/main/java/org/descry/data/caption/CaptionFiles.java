package org.descry.data.caption;

import java.nio.file.Path;
import org.descry.UsageException;

/**
 * Where captions and what they describe lie. The parts come from the first of these that is there:
 * caption files of their own ({@code validationCaptions}, {@code testCaptions}), lists of picture
 * names, the split inside the caption file, a tenth of the pictures each held out by the seed.
 *
 * @param captions the annotation file
 * @param format how it is written
 * @param validationCaptions annotation file of the validation part, or null
 * @param testCaptions annotation file of the test part, or null
 * @param lists files of picture names, or null
 * @param images directory of the pictures, or null
 * @param features feature vectors by picture name (see {@link CaptionData#load}), or null; exactly
 *     one of {@code images} and {@code features} is given
 */
public record CaptionFiles(
    Path captions,
    CaptionFormat format,
    Path validationCaptions,
    Path testCaptions,
    SplitLists lists,
    Path images,
    Path features) {

  /** Files with one picture name a line; validation and test may be null. */
  public record SplitLists(Path train, Path validation, Path test) {}

  public CaptionFiles {
    if (captions == null || format == null) {
      throw new UsageException("A caption file and its format must be given");
    }
    if ((images == null) == (features == null)) {
      throw new UsageException(
          "Give either a directory of pictures or features with the captions "
              + captions
              + ", got: "
              + (images == null ? "neither" : "both"));
    }
  }

  /** Captions in one file about the pictures of a directory, in whatever format and split. */
  public static CaptionFiles of(Path captions, Path images) {
    return new CaptionFiles(captions, CaptionFormat.AUTO, null, null, null, images, null);
  }

  /** The same with the parts from lists of picture names. */
  public CaptionFiles withLists(SplitLists newLists) {
    return new CaptionFiles(
        captions, format, validationCaptions, testCaptions, newLists, images, features);
  }

  /** The same with features in place of pictures. */
  public CaptionFiles withFeatures(Path newFeatures) {
    return new CaptionFiles(
        captions, format, validationCaptions, testCaptions, lists, null, newFeatures);
  }
}
