package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.descry.data.OnBadRecord;
import org.descry.data.text.TextUnit;
import org.descry.job.schema.FilePath;

/** A text to learn. */
@JsonClassDescription("A UTF-8 text file.")
public record TextDataSettings(
    @NotNull
        @JsonPropertyDescription(
            "The text file, in UTF-8, or builtin:hello-world or builtin:two-sentences.")
        FilePath path,
    @JsonProperty(defaultValue = "character")
        @JsonPropertyDescription("What a token is: a word between white space, or a character.")
        TextUnit unit,
    @JsonProperty(defaultValue = "running")
        @JsonPropertyDescription(
            "Whether the text is read as a running text, whose state is carried from step to step,"
                + " or as lines that have nothing to do with one another. A line is followed by the"
                + " token <EOS>, which is predicted too and ends what the model writes, unless"
                + " steps cuts every line.")
        Sequences sequences,
    @Min(1)
        @Max(10_000)
        @JsonProperty(defaultValue = "50")
        @JsonPropertyDescription(
            "Tokens in one training sequence: how far gradients flow back (truncated"
                + " backpropagation through time). Longer lines are cut in training, but not where"
                + " the model is measured.")
        int steps,
    @Min(1)
        @JsonProperty(defaultValue = "1")
        @JsonPropertyDescription(
            "How often a token has to occur in the training part to be told apart; one token,"
                + " <UNK>, stands for all others.")
        int minCount,
    @DecimalMin("0")
        @DecimalMax("0.5")
        @JsonProperty(defaultValue = "0.1")
        @JsonPropertyDescription(
            "Share of the text, before the test part, held out to choose the best model by; 0"
                + " measures on the training part.")
        double validation,
    @DecimalMin("0")
        @DecimalMax("0.4")
        @JsonProperty(defaultValue = "0.1")
        @JsonPropertyDescription(
            "Share at the end of the text held out for the test; 0 measures on the training part.")
        double test,
    @JsonProperty(defaultValue = "fail")
        @JsonPropertyDescription(
            "What becomes of a line that is not UTF-8: the job fails when all of the data have been"
                + " read, or a few are left out; the run folder's bad-records.jsonl tells of"
                + " each.")
        OnBadRecord onBadRecord,
    @Min(0)
        @JsonProperty(defaultValue = "10")
        @JsonPropertyDescription("Such records that may be left out before the job fails.")
        int maxBadRecords)
    implements DataSettings {

  /** How the text is read. */
  public enum Sequences {
    /** One text whose state is carried from step to step. */
    RUNNING,
    /** Lines that have nothing to do with one another. */
    LINES
  }
}
