package org.descry.sweep.arbiter;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.Key;

/** How the strategy {@code tpe} goes about it. */
@JsonClassDescription("How the strategy tpe goes about it.")
public record TpeSettings(
    @Key(
            value =
                "Whether settings are proposed together, so that what goes well with what is"
                    + " learnt; else each by itself.",
            standard = "true")
        boolean multivariate,
    @Key(
            value = "How many candidates are spread evenly before any is learnt from.",
            standard = "10",
            range = "[4, 1000]")
        int startup) {}
