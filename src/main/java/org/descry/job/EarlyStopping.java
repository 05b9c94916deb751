package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.Key;

/** When a training ends because it no longer gets better. */
@JsonClassDescription("Ends a training that no longer gets better.")
public record EarlyStopping(
    @Key(
            "The figure of an epoch that has to get better, such as validationLoss; when absent,"
                + " that of selectBy.")
        String metric,
    @Key(
            value = "Epochs without a better figure that are waited for.",
            standard = "5",
            range = "[1, 1000000]")
        int patience,
    @Key(
            value = "A figure is better if it is so by more than this.",
            standard = "0",
            range = "[0, inf)")
        double minDelta,
    @Key(
            value =
                "Whether the best epoch's model is kept, as always; false keeps the last one's,"
                    + " whatever ends the training.",
            standard = "true")
        boolean restoreBest) {}
