package org.descry.train.job;

/** What a recurrent layer is made of. */
public enum RnnName {
  /** The tanh cell. */
  VANILLA,
  /** Long short-term memory. */
  LSTM
}
