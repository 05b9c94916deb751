package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import java.util.List;
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

  /**
   * Checks each stage against what those before it leave of an image.
   *
   * @throws IllegalArgumentException if a window does not fit there, looks at one pixel at a time
   *     or has a single place, or if a filter's weights never see a pixel
   */
  static void check(List<StageSettings> stages, int height, int width) {
    long[] sides = {height, width};
    for (int i = 0; i < stages.size(); i++) {
      String origin = "model.stages[%s].".formatted(i);
      StageSettings stage = stages.get(i);
      int reach = (stage.filterSize - 1) * stage.dilation + 1;
      int pad = stage.padding == null ? (reach - 1) / 2 : stage.padding;
      long larger = Math.max(sides[0], sides[1]);
      if (stage.dilation > 1 && stage.filterSize > 1) {
        requireAtMost(origin + "dilation", stage.dilation, Math.max(1, larger - 1), sides);
      }
      long least = Math.min(sides[0], sides[1]) + 2L * pad;
      long fitting = (least - 1) / stage.dilation + 1;
      requireAtMost(origin + "filterSize", stage.filterSize, fitting, sides);
      requireAtMost(origin + "stride", stage.stride, Math.max(reach, larger), sides);
      move(sides, reach, pad, stage.stride);
      if (stage.pool) {
        int stride = stage.poolStride == null ? stage.poolSize : stage.poolStride;
        requireAtMost(origin + "poolSize", stage.poolSize, Math.min(sides[0], sides[1]), sides);
        larger = Math.max(sides[0], sides[1]);
        requireAtMost(origin + "poolStride", stride, Math.max(stage.poolSize, larger), sides);
        move(sides, stage.poolSize, 0, stride);
      }
    }
  }

  private static void requireAtMost(String key, int value, long most, long[] sides) {
    if (value > most) {
      throw new IllegalArgumentException(
          "%s is %s, but expected at most %s, with %s x %s pixels there"
              .formatted(key, value, most, sides[0], sides[1]));
    }
  }

  private static void move(long[] sides, int reach, int pad, int stride) {
    for (int i = 0; i < sides.length; i++) {
      sides[i] = 1 + (sides[i] + 2L * pad - reach) / stride;
    }
  }

  static void requireOdd(int filterSize) {
    if (filterSize % 2 == 0) {
      throw new IllegalArgumentException(
          "filterSize is " + filterSize + ", but expected an odd number");
    }
  }
}
