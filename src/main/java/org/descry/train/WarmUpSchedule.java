package org.descry.train;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Another schedule whose first steps are scaled by 1/steps, 2/steps and so on up to 1 (Goyal et al.
 * 2017). ND4J's own RampSchedule cannot be read back from JSON.
 *
 * <p>Public with a bean's properties because it is saved in the configuration of every network that
 * is trained with it.
 *
 * @param then what is scaled
 * @param steps of warm-up, at least 1
 */
public record WarmUpSchedule(@JsonProperty("then") ISchedule then, @JsonProperty("steps") int steps)
    implements ISchedule {
  private static final long serialVersionUID = 1L;

  public WarmUpSchedule {
    if (then == null || steps < 1) {
      throw new IllegalArgumentException("expected a schedule and at least 1 step, got " + steps);
    }
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    return then.valueAt(iteration, epoch) * Math.min(1, (iteration + 1.0) / steps);
  }

  @Override
  @SuppressWarnings("MissingSuperCall") // schedules do not change: this is its own copy
  public ISchedule clone() {
    return this;
  }
}
