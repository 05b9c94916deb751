package org.descry.data.caption.file;

/**
 * What an annotation file calls an image.
 *
 * @param folder folder that the file says the image lies in, empty if it does not say
 * @param file name of the image file, perhaps with folders before it
 * @param cocoId COCO's number of the image, or whatever its text is; null if the file has none
 * @param imageId Karpathy's {@code imgid}; null if the file has none
 */
public record ImageName(String folder, String file, String cocoId, String imageId) {
  /** An image that has a file name and nothing else. */
  static ImageName of(String file) {
    return new ImageName("", file, null, null);
  }

  /** Folder and file: two images of one file name in two folders differ. */
  public String path() {
    return folder.isEmpty() ? file : folder + "/" + file;
  }

  /** {@code name} without its last ending, such as {@code .jpg}. */
  public static String withoutEnding(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
  }
}
