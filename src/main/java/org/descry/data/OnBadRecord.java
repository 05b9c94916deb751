package org.descry.data;

/** What becomes of a record that cannot be used, such as a caption without a word. */
public enum OnBadRecord {
  /** Loading fails. */
  FAIL,
  /** It is left out, as long as there are few. */
  SKIP
}
