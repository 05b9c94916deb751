package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;

/** Where a job leaves its results. */
@JsonClassDescription("Where the results go.")
public record OutputSettings(
    @Size(min = 1)
        @JsonProperty(defaultValue = "runs")
        @JsonPropertyDescription(
            "Folder that holds one folder per job; relative paths count from the working folder.")
        String dir) {}
