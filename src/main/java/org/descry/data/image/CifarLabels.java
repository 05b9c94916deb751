package org.descry.data.image;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which of CIFAR-100's two labels count. CIFAR-10 has one, which both stand for. */
public enum CifarLabels {
  /** The 100 classes. */
  @JsonProperty("fine")
  FINE,
  /** The 20 superclasses. */
  @JsonProperty("coarse")
  COARSE
}
