package org.descry.data.image.cifar;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** Which of CIFAR-100's two labels count. CIFAR-10 has one, which both stand for. */
public enum CifarLabels {
  /** The 100 classes. */
  @JsonProperty("fine")
  FINE,
  /** The 20 superclasses. */
  @JsonProperty("coarse")
  COARSE;

  /** As people write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
