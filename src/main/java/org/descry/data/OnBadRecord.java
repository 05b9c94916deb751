package org.descry.data;

/** What becomes of a record that cannot be used: a damaged image, a caption without a word. */
public enum OnBadRecord {
  /** Loading fails. */
  FAIL,
  /** It is left out, as long as there are few. */
  SKIP;

  /** Bad records that may be left out where nothing else is said. */
  public static final int MOST = 10;
}
