package org.descry.io;

import java.nio.charset.CharacterCodingException;

/** A file begins with the byte order mark of UTF-16, where text in UTF-8 is read. */
public final class Utf16Exception extends CharacterCodingException {
  private static final long serialVersionUID = 1;

  @Override
  public String getMessage() {
    return "UTF-16 text, not UTF-8";
  }
}
