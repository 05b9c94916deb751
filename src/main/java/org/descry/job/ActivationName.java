package org.descry.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an activation computes. */
public enum ActivationName {
  /** max(x, 0). */
  RELU,
  /** The Gaussian error linear unit. */
  GELU,
  /** The sigmoid linear unit, or swish. */
  SILU,
  /** x where it is above 0, else x / 100. */
  @JsonProperty("leaky-relu")
  LEAKY_RELU,
  /** The hyperbolic tangent. */
  TANH,
  /** The logistic function. */
  SIGMOID
}
