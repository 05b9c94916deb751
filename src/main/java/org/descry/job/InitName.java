package org.descry.job;

/** How the weights of recurrent layers begin. */
public enum InitName {
  /** Normal with standard deviation 1 / sqrt(fan-in); biases 0, an LSTM's forget gates' 1. */
  NORMAL,
  /** All uniform between -1 / sqrt(hidden) and 1 / sqrt(hidden), as PyTorch has it. */
  UNIFORM
}
