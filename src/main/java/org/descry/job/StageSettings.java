package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;

/** One conv - relu [- 2x2 max pool] stage; the convolution keeps height and width. */
@JsonClassDescription("conv - relu [- 2x2 max pool].")
public record StageSettings(
    @NotNull @Min(1) @Max(1_000_000) @JsonPropertyDescription("Filters of the convolution.")
        Integer filters,
    @Min(1)
        @Max(1023)
        @JsonProperty(defaultValue = "3")
        @JsonPropertyDescription("Height and width of a filter, odd.")
        int filterSize,
    @JsonProperty(defaultValue = "true") @JsonPropertyDescription("Whether a 2x2 max pool follows.")
        boolean pool) {
  public StageSettings {
    requireOdd(filterSize);
  }

  static void requireOdd(int filterSize) {
    if (filterSize % 2 == 0) {
      throw new IllegalArgumentException(
          "filterSize is " + filterSize + ", but expected an odd number");
    }
  }
}
