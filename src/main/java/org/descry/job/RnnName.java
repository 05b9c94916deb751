package org.descry.job;

/** What a recurrent layer is made of. */
public enum RnnName {
  /** The tanh cell. */
  VANILLA,
  /** Long short-term memory. */
  LSTM,
  /** Gated recurrent units. */
  GRU
}
