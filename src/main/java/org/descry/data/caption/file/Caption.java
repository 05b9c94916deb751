package org.descry.data.caption.file;

import org.descry.data.BadRecordException;

/**
 * One sentence about one image, as an annotation file gives it.
 *
 * @param image what the file calls the image
 * @param text the sentence, untouched
 * @param split the part the file puts the image in, empty if it does not say
 * @param location where the sentence stands, for messages: {@code captions.txt:12}
 */
public record Caption(ImageName image, String text, String split, Location location) {
  /** What is said of a caption in which no word is found. */
  public BadRecordException withoutWords() {
    return location.bad("the caption of %s has no words: %s".formatted(image.file(), text.strip()));
  }
}
