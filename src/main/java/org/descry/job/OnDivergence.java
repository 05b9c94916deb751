package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** What follows on a loss that is not finite. */
@JsonClassDescription("What follows on a loss that is not finite.")
public record OnDivergence(
    @JsonProperty(defaultValue = "true")
        @JsonPropertyDescription(
            "Whether to go back to the last checkpoint and on with a smaller learning rate.")
        boolean rollback,
    @DecimalMin(value = "0", inclusive = false)
        @DecimalMax(value = "1", inclusive = false)
        @JsonProperty(defaultValue = "0.5")
        @JsonPropertyDescription("What the learning rate is multiplied by each time.")
        double factor,
    @Min(1)
        @Max(1000)
        @JsonProperty(defaultValue = "2")
        @JsonPropertyDescription("How often at most.")
        int times) {}
