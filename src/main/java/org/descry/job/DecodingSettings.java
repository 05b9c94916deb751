package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.Key;

/** How a captioner finds its words when it is tested and used. */
@JsonClassDescription("How a captioner finds its words when it is tested and used.")
public record DecodingSettings(
    @Key(
            value = "Width of the beam search; 1 is greedy.",
            standard = "3",
            range = "[1, " + WIDEST_BEAM + "]")
        int beam,
    @Key(
            value = "Beginnings compare by log p / length^a with this a: 0 prefers short captions.",
            standard = "0.7",
            range = "[0, inf)")
        double lengthNormalization,
    @Key(
            value =
                "Added to log p for each word, so that captions become longer; of no consequence"
                    + " where lengthNormalization is 1.",
            standard = "0")
        double lengthBonus,
    @Key(
            value = "So many words in a row are said once in a caption; 0 for no such limit.",
            standard = "0",
            range = "[0, 100]")
        int noRepeat,
    @Key(value = "Longest caption, in words.", standard = "30", range = "[1, 1000]")
        int maxLength) {
  public static final int WIDEST_BEAM = 100;

  static final DecodingSettings USUAL = new DecodingSettings(3, 0.7, 0, 0, 30);
}
