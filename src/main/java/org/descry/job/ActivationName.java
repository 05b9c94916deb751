package org.descry.job;

/** What an activation computes. */
public enum ActivationName {
  /** max(x, 0). */
  RELU,
  /** The Gaussian error linear unit. */
  GELU,
  /** The sigmoid linear unit, or swish. */
  SILU,
  /** The hyperbolic tangent. */
  TANH,
  /** The logistic function. */
  SIGMOID
}
