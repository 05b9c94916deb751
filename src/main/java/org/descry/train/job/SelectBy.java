package org.descry.train.job;

/** The validation figure that the best epoch is chosen by. */
public enum SelectBy {
  /** Share of right answers. */
  ACCURACY,
  /** The mean loss, the smaller the better. */
  LOSS;
}
