package org.descry.data.caption;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.data.Intake;
import org.descry.data.Part;
import org.descry.data.caption.file.CaptionFile;
import org.descry.data.caption.file.CaptionFormat;

/**
 * Where captions and what they describe lie. The parts come from the first of these that is there:
 * caption files of their own ({@code validationCaptions}, {@code testCaptions}), lists of image
 * names, the split inside the caption file, a tenth of the images each held out by the seed.
 *
 * @param captions the annotation file
 * @param format how it is written
 * @param validationCaptions annotation file of the validation part, or null
 * @param testCaptions annotation file of the test part, or null
 * @param lists files of image names, or null
 * @param images folders of the images, or null
 * @param features feature vectors by image (see {@link
 *     org.descry.data.caption.feature.FeatureFiles}), or null; exactly one of {@code images} and
 *     {@code features} is given
 */
public record CaptionFiles(
    Path captions,
    CaptionFormat format,
    Path validationCaptions,
    Path testCaptions,
    SplitLists lists,
    Images images,
    Path features) {

  /** Files with one image name a line; validation and test may be null. */
  public record SplitLists(Path train, Path validation, Path test) {}

  /**
   * Folders of images. An image lies where the caption file says, from the folder on, or anywhere
   * below it.
   *
   * @param all the folder of all images that no other folder is given for
   * @param validation that of the validation part, or null
   * @param test that of the test part, or null
   */
  public record Images(Path all, Path validation, Path test) {
    /** One folder for all parts. */
    public static Images in(Path folder) {
      return folder == null ? null : new Images(folder, null, null);
    }

    /**
     * @param part null while it is not known
     */
    Path of(Part part) {
      Path own = part == Part.VALIDATION ? validation : part == Part.TEST ? test : null;
      return own == null ? all : own;
    }
  }

  public CaptionFiles {
    if (captions == null || format == null) {
      throw new UsageException("A caption file and its format must be given");
    }
    if ((images == null) == (features == null)) {
      throw new UsageException(
          "Give either a directory of images or features with the captions "
              + captions
              + ", got: "
              + (images == null ? "neither" : "both"));
    }
  }

  /** Captions in one file about the images of a directory, in whatever format and split. */
  static CaptionFiles of(Path captions, Path images) {
    return new CaptionFiles(
        captions, CaptionFormat.AUTO, null, null, null, Images.in(images), null);
  }

  /**
   * The one caption file of a folder, about images in it or anywhere below.
   *
   * @throws DataException if it holds none, or several
   */
  public static Path captionsIn(Path folder) {
    List<Path> found;
    try (Stream<Path> entries = Files.list(folder)) {
      found = entries.filter(CaptionFile::isCaptions).sorted().toList();
    } catch (IOException e) {
      throw new DataException("Cannot list " + folder + ": " + e, e);
    }
    if (found.size() != 1) {
      throw new DataException(
          "%s holds %s; expected one caption file in it, or the path of one."
              .formatted(
                  folder,
                  found.isEmpty()
                      ? "no caption file"
                      : found.size()
                          + " caption files: "
                          + Intake.examples(found.stream().map(Path::toString).toList())));
    }
    return found.get(0);
  }

  /** The same with the parts from lists of image names. */
  CaptionFiles withLists(SplitLists newLists) {
    return new CaptionFiles(
        captions, format, validationCaptions, testCaptions, newLists, images, features);
  }

  /** The same with features in place of images. */
  CaptionFiles withFeatures(Path newFeatures) {
    return new CaptionFiles(
        captions, format, validationCaptions, testCaptions, lists, null, newFeatures);
  }

  /** Whether the parts have caption files of their own. */
  boolean ownFiles() {
    return validationCaptions != null || testCaptions != null;
  }
}
