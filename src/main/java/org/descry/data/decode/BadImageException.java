package org.descry.data.decode;

import java.io.IOException;

/** A file that is no image of a known format, or a damaged or too large one. */
final class BadImageException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what follows the file's name in a sentence, such as "is cut off"
   */
  BadImageException(String message) {
    super(message);
  }

  static BadImageException cutOff(String where) {
    return new BadImageException("is cut off " + where + "; expected a whole file");
  }
}
