package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** When a training ends because it no longer gets better. */
@JsonClassDescription("Ends a training that no longer gets better.")
public record EarlyStopping(
    @JsonPropertyDescription(
            "The figure of an epoch that has to get better, such as validationLoss; when absent,"
                + " that of selectBy.")
        String metric,
    @Min(1)
        @Max(1_000_000)
        @JsonProperty(defaultValue = "5")
        @JsonPropertyDescription("Epochs without a better figure that are waited for.")
        int patience,
    @DecimalMin("0")
        @JsonProperty(defaultValue = "0")
        @JsonPropertyDescription("A figure is better if it is so by more than this.")
        double minDelta,
    @JsonProperty(defaultValue = "true")
        @JsonPropertyDescription(
            "Whether the best epoch's model is kept, as always; false keeps the last one's.")
        boolean restoreBest) {}
