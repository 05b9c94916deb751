package org.descry.job;

/** The validation figure that the best epoch is chosen by. */
public enum SelectBy {
  /** Share of right answers. */
  ACCURACY,
  /** BLEU-4 of greedy captions. */
  BLEU4,
  /** CIDEr-D of greedy captions. */
  CIDER,
  /** The mean loss, the smaller the better. */
  LOSS
}
