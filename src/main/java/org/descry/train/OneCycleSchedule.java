package org.descry.train;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Straight from one value to a peak and straight on to another, the last value after that (Smith
 * 2018, "A disciplined approach to neural network hyper-parameters", its 1cycle policy).
 *
 * <p>Public with a bean's properties because it is saved in the configuration of every network that
 * is trained with it.
 *
 * @param start value at step 0
 * @param peak value at step {@code rise}
 * @param end value at step {@code steps}
 * @param rise steps up to the peak, at least 1
 * @param steps steps in all, more than {@code rise}
 */
public record OneCycleSchedule(
    @JsonProperty("start") double start,
    @JsonProperty("peak") double peak,
    @JsonProperty("end") double end,
    @JsonProperty("rise") int rise,
    @JsonProperty("steps") int steps)
    implements ISchedule {
  private static final long serialVersionUID = 1L;

  public OneCycleSchedule {
    if (rise < 1 || steps <= rise) {
      throw new IllegalArgumentException(
          "expected at least 1 step of rise and more steps in all, got %s and %s"
              .formatted(rise, steps));
    }
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    if (iteration < rise) {
      return start + (peak - start) * iteration / rise;
    }
    double fallen = Math.min(1, (double) (iteration - rise) / (steps - rise));
    return peak + (end - peak) * fallen;
  }

  @Override
  @SuppressWarnings("MissingSuperCall") // a record is a value: it is its own copy
  public ISchedule clone() {
    return this;
  }
}
