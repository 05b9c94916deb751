package org.descry.sweep.arbiter;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How the strategy {@code tpe} goes about it. */
@JsonClassDescription("How the strategy tpe goes about it.")
public record TpeSettings(
    @JsonProperty(defaultValue = "true")
        @JsonPropertyDescription(
            "Whether settings are proposed together, so that what goes well with what is learnt;"
                + " else each by itself.")
        boolean multivariate,
    @Min(4)
        @Max(1000)
        @JsonProperty(defaultValue = "10")
        @JsonPropertyDescription("How many candidates are spread evenly before any is learnt from.")
        int startup) {}
