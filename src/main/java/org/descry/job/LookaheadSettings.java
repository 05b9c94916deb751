package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.Key;

/** Slow weights that the trained ones are drawn back to (Zhang et al. 2019). */
@JsonClassDescription(
    "Every few steps slow weights go a part of the way to the trained ones, which go on from"
        + " there; the slow ones are evaluated and saved.")
public record LookaheadSettings(
    @Key(value = "Steps from one time to the next.", standard = "5", range = "[1, 1000000]")
        int every,
    @Key(
            value = "Share of the way that the slow weights go, at the end if it changes.",
            standard = "0.5",
            range = "(0, 1]")
        double share,
    @Key(
            value =
                "The rest of the way grows with the training's progress to this power: 0 for the"
                    + " same share all the time, 3 as in the CIFAR-10 speed runs, whose share"
                    + " falls from 1 to 0.226.",
            standard = "0",
            range = "[0, 10]")
        double growth) {}
