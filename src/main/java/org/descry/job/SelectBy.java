package org.descry.job;

import java.util.Locale;

/** The validation figure that the best epoch is chosen by. */
public enum SelectBy {
  /** Share of right answers. */
  ACCURACY,
  /** BLEU-4 of greedy captions. */
  BLEU4,
  /** CIDEr-D of greedy captions. */
  CIDER,
  /** The mean loss, the smaller the better. */
  LOSS;

  /** The metric's name, such as {@code validationAccuracy}. */
  public String metric() {
    return "validation" + name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}
