package org.descry.job;

/** To how many bits products round what they multiply. */
public enum PrecisionName {
  /** 24 bits. */
  FLOAT32,
  /** 8 bits, with sums in float32. */
  BFLOAT16
}
