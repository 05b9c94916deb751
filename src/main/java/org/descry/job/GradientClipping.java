package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import java.util.Objects;
import java.util.stream.Stream;
import org.descry.job.schema.Key;

/** Exactly one limit on the gradient. */
@JsonClassDescription("Exactly one of norm, globalNorm and value.")
public record GradientClipping(
    @Key(
            value = "A layer's gradient with a larger L2 norm is scaled down to it.",
            range = "(0, inf)")
        Double norm,
    @Key(
            value =
                "The gradient of all layers together is scaled down to this L2 norm where its own"
                    + " is larger.",
            range = "(0, inf)")
        Double globalNorm,
    @Key(value = "Each element of the gradient is cut to [-value, value].", range = "(0, inf)")
        Double value) {
  public GradientClipping {
    if (Stream.of(norm, globalNorm, value).filter(Objects::nonNull).count() != 1) {
      throw new IllegalArgumentException("expected exactly one of norm, globalNorm and value");
    }
  }
}
