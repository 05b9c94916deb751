package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.Key;

/** One conv - activation [- max pool] [- dropout] stage. */
@JsonClassDescription("conv - activation [- max pool] [- dropout].")
public record StageSettings(
    @Key(value = "Filters of the convolution.", range = "[1, 1000000]", required = true)
        Integer filters,
    @Key(
            value = "Height and width of a filter, odd unless padding is given.",
            standard = "3",
            range = "[1, 1023]")
        int filterSize,
    @Key(value = "Pixels from one window to the next.", standard = "1", range = "[1, 1023]")
        int stride,
    @Key(
            value =
                "Zeros around the image. When absent: as many as keep height and width at stride"
                    + " 1.",
            range = "[0, 1023]")
        Integer padding,
    @Key(
            value = "Pixels from one that a filter looks at to the next.",
            standard = "1",
            range = "[1, 1023]")
        int dilation,
    @Key(value = "Whether a max pool follows.", standard = "true") boolean pool,
    @Key(value = "Height and width of the pool's window.", standard = "2", range = "[1, 1023]")
        int poolSize,
    @Key(
            value = "Pixels from one window of the pool to the next. When absent: poolSize.",
            range = "[1, 1023]")
        Integer poolStride,
    @Key(value = "Probability to drop an output of the stage.", standard = "0", range = "[0, 1)")
        double dropout) {
  public StageSettings {
    if (padding == null) {
      requireOdd(filterSize);
    } else if (padding > (filterSize - 1) * dilation + 1) {
      throw new IllegalArgumentException(
          "padding is %s, but expected at most %s, what a filter reaches over"
              .formatted(padding, (filterSize - 1) * dilation + 1));
    }
  }

  static void requireOdd(int filterSize) {
    if (filterSize % 2 == 0) {
      throw new IllegalArgumentException(
          "filterSize is " + filterSize + ", but expected an odd number");
    }
  }
}
