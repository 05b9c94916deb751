package org.descry.data.caption;

/**
 * One sentence about one picture, as an annotation file gives it.
 *
 * @param image file name of the picture
 * @param text the sentence, untouched
 * @param split the part the file puts the picture in, empty if it does not say
 * @param location where the sentence stands, for messages: {@code captions.txt:12}
 */
record Caption(String image, String text, String split, String location) {}
