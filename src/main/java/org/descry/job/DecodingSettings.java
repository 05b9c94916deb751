package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.Key;

/** How a captioner finds its words when it is tested and used. */
@JsonClassDescription("How a captioner finds its words when it is tested and used.")
public record DecodingSettings(
    @Key(value = "Width of the beam search; 1 is greedy.", standard = "3", range = "[1, 100]")
        int beam,
    @Key(
            value = "Beginnings compare by log p / length^a with this a: 0 prefers short captions.",
            standard = "0.7",
            range = "[0, inf)")
        double lengthNormalization,
    @Key(value = "Longest caption, in words.", standard = "30", range = "[1, 1000]")
        int maxLength) {
  static final DecodingSettings USUAL = new DecodingSettings(3, 0.7, 30);
}
