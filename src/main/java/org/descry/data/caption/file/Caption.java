package org.descry.data.caption.file;

/**
 * One sentence about one image, as an annotation file gives it.
 *
 * @param image what the file calls the image
 * @param text the sentence, untouched
 * @param split the part the file puts the image in, empty if it does not say
 * @param location where the sentence stands, for messages: {@code captions.txt:12}
 */
public record Caption(ImageName image, String text, String split, Location location) {}
