package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.Key;

/** One conv - relu [- 2x2 max pool] stage; the convolution keeps height and width. */
@JsonClassDescription("conv - relu [- 2x2 max pool].")
public record StageSettings(
    @Key(value = "Filters of the convolution.", range = "[1, 1000000]", required = true)
        Integer filters,
    @Key(value = "Height and width of a filter, odd.", standard = "3", range = "[1, 1023]")
        int filterSize,
    @Key(value = "Whether a 2x2 max pool follows.", standard = "true") boolean pool) {
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
