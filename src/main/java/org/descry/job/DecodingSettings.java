package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How a captioner finds its words when it is tested and used. */
@JsonClassDescription("How a captioner finds its words when it is tested and used.")
public record DecodingSettings(
    @Min(1)
        @Max(100)
        @JsonProperty(defaultValue = "3")
        @JsonPropertyDescription("Width of the beam search; 1 is greedy.")
        int beam,
    @DecimalMin("0")
        @JsonProperty(defaultValue = "0.7")
        @JsonPropertyDescription(
            "Beginnings compare by log p / length^a with this a: 0 prefers short captions.")
        double lengthNormalization,
    @Min(1)
        @Max(1000)
        @JsonProperty(defaultValue = "30")
        @JsonPropertyDescription("Longest caption, in words.")
        int maxLength) {
  static final DecodingSettings USUAL = new DecodingSettings(3, 0.7, 30);
}
