package org.descry.train;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Half a cosine wave from one value to another over a number of steps, the last value after them
 * (Loshchilov and Hutter 2017, without restarts):
 *
 * <pre>end + (start - end) * (1 + cos(pi * iteration / steps)) / 2</pre>
 *
 * <p>Public with a bean's properties because it is saved in the configuration of every network that
 * is trained with it.
 *
 * @param start value at step 0
 * @param end value at step {@code steps}
 * @param steps length of the wave, in iterations, at least 1
 */
public record CosineSchedule(
    @JsonProperty("start") double start,
    @JsonProperty("end") double end,
    @JsonProperty("steps") int steps)
    implements ISchedule {
  private static final long serialVersionUID = 1L;

  public CosineSchedule {
    if (steps < 1) {
      throw new IllegalArgumentException("expected at least 1 step, got " + steps);
    }
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    double phase = Math.min(1, (double) iteration / steps);
    return end + (start - end) * (1 + Math.cos(Math.PI * phase)) / 2;
  }

  @Override
  @SuppressWarnings("MissingSuperCall") // a record is a value: it is its own copy
  public ISchedule clone() {
    return this;
  }
}
