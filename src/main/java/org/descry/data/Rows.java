package org.descry.data;

/** Rows of bytes, all of one length, which nobody changes, wherever they lie. */
public interface Rows {
  int size();

  /** Bytes of each. */
  int length();

  /** One of them, which may be a copy. */
  byte[] row(int index);
}
