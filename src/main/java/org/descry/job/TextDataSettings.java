package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.FilePath;
import org.descry.job.schema.Key;

/** A text to learn. */
@JsonClassDescription("A UTF-8 text file.")
public record TextDataSettings(
    @Key(
            value = "The text file, in UTF-8, or builtin:hello-world or builtin:two-sentences.",
            required = true)
        FilePath path,
    @Key(
            value = "What a token is: a word between white space, or a character.",
            standard = "character")
        Unit unit,
    @Key(
            value =
                "Whether the text is read as a running text, whose state is carried from step to"
                    + " step, or as lines that have nothing to do with one another. A line is"
                    + " followed by the token <EOS>, which is predicted too and ends what the model"
                    + " writes, unless steps cuts every line.",
            standard = "running")
        Sequences sequences,
    @Key(
            value =
                "Tokens in one training sequence: how far gradients flow back (truncated"
                    + " backpropagation through time). Longer lines are cut in training, but not"
                    + " where the model is measured.",
            standard = "50",
            range = "[1, 10000]")
        int steps,
    @Key(
            value =
                "Steps that gradients flow back through in lines, such as 20; 0 for all of a line."
                    + " (In a running text, steps says so.)",
            standard = "0",
            range = "[0, 10000]")
        int bptt,
    @Key(
            value =
                "Whether a batch is made of lines of about one length, so that little is computed"
                    + " on padding.",
            standard = "false")
        boolean bucketing,
    @Key(value = MIN_COUNT, standard = "1", range = "[1, inf)") int minCount,
    @Key(
            value =
                "Share of the text, before the test part, held out to choose the best model by; 0"
                    + " measures on the training part.",
            standard = "0.1",
            range = "[0, 0.5]")
        double validation,
    @Key(
            value =
                "Share at the end of the text held out for the test; 0 measures on the training"
                    + " part.",
            standard = "0.1",
            range = "[0, 0.4]")
        double test,
    @Key(
            value = "What becomes of a line that is not UTF-8" + OnBadRecord.CONSEQUENCE,
            standard = "fail")
        OnBadRecord onBadRecord,
    @Key(value = OnBadRecord.MOST, standard = "10", range = "[0, inf)") int maxBadRecords)
    implements DataSettings {
  /** What {@code minCount} is. */
  static final String MIN_COUNT =
      "How often a token has to occur in the training part to be told apart; one token, <UNK>,"
          + " stands for all others.";

  public TextDataSettings {
    if (sequences == Sequences.RUNNING && (bptt > 0 || bucketing)) {
      throw new IllegalArgumentException(
          "%s, but expected sequences: lines with it, and not a running text"
              .formatted(bptt > 0 ? "bptt is " + bptt : "bucketing is true"));
    }
  }

  /** What a token is. */
  public enum Unit {
    WORD,
    CHARACTER
  }

  /** How the text is read. */
  public enum Sequences {
    /** One text whose state is carried from step to step. */
    RUNNING,
    /** Lines that have nothing to do with one another. */
    LINES
  }
}
