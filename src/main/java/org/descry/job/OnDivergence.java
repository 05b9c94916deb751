package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.Key;

/** What counts as a divergence, and what follows on it. */
@JsonClassDescription("What follows on a loss that is not finite, or that has exploded.")
public record OnDivergence(
    @Key(
            value =
                "Whether to go back to the last checkpoint before the step that went wrong, or to"
                    + " the start, and on with a smaller learning rate.",
            standard = "true")
        boolean rollback,
    @Key(
            value = "What the learning rate is multiplied by each time.",
            standard = "0.5",
            range = "(0, 1)")
        double factor,
    @Key(value = "How often at most.", standard = "2", range = "[1, 1000]") int times,
    @Key(
            value =
                "A step's loss has exploded, though it is finite, when it is more than so many"
                    + " times that of the first step, at which the network knows nothing yet. 0"
                    + " for never.",
            standard = "" + EXPLOSION,
            range = "[0, inf)")
        double explosion) {
  static final int EXPLOSION = 1000;
}
