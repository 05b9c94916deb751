package org.descry.job;

/** What a captioner looks at before each word. */
public enum AttentionName {
  /** Nothing: the image is in the first state alone. */
  NONE,
  /** A mean of the last stage's places, weighed by the state. */
  SOFT
}
