package org.descry.job;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a network's weights are drawn. */
public enum WeightInitName {
  /** Normal, by the inputs of a unit (He et al. 2015). */
  HE,
  /** The same variance, uniform. */
  @JsonProperty("he-uniform")
  HE_UNIFORM,
  /** Normal, by the inputs and outputs of a unit (Glorot and Bengio 2010). */
  XAVIER,
  /** The same variance, uniform. */
  @JsonProperty("xavier-uniform")
  XAVIER_UNIFORM,
  /** Normal with the deviation weightScale. */
  NORMAL,
  /** Uniform from -weightScale to weightScale. */
  UNIFORM,
  /** Orthonormal (Saxe et al. 2014). */
  ORTHOGONAL,
  /** Each input is handed on; outputs beyond the inputs are drawn by He's rule. */
  DIRAC,
  /** Each input is handed on; outputs beyond the inputs are 0. */
  IDENTITY;

  /** Whether weightScale says how far. */
  public boolean scaled() {
    return this == NORMAL || this == UNIFORM;
  }
}
