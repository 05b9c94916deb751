package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import java.time.Duration;
import org.descry.job.schema.Key;

/** How often a training writes down all that it needs to go on, and what it keeps of that. */
@JsonClassDescription("When checkpoints are written and which are kept.")
public record CheckpointSettings(
    @Key(
            value =
                "From one checkpoint to the next: 1 epoch, 500 steps or 5m. One is written, too,"
                    + " when the training is asked to stop, before a better model is saved, and"
                    + " at the end.",
            standard = "1 epoch",
            pattern = "^([1-9][0-9]{0,8} (epochs?|steps?)|[0-9]{1,6}(\\.[0-9]{1,3})?(s|m|h))$")
        String every,
    @Key(value = "How many of the newest are kept.", standard = "2", range = "[1, 1000]")
        int keepLast,
    @Key(
            value =
                "How many are kept, beside the newest, of those after the best epochs by"
                    + " selectBy.",
            standard = "1",
            range = "[0, 1000]")
        int keepBest) {

  /** Whether one is due after an epoch. */
  public boolean afterEpoch(int epoch) {
    return every.contains("epoch") && epoch % count() == 0;
  }

  /** Whether one is due after a step. */
  public boolean afterStep(int iteration, Duration sinceTheLast) {
    if (every.contains("step")) {
      return iteration % count() == 0;
    }
    return !every.contains("epoch")
        && sinceTheLast.compareTo(TrainingSettings.duration(every)) >= 0;
  }

  private int count() {
    return Integer.parseInt(every.substring(0, every.indexOf(' ')));
  }
}
