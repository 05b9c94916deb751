package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.FilePath;
import org.descry.job.schema.Key;

/** Labelled sequences of tokens or numbers. */
@JsonClassDescription("Sequences of tokens or of numbers, each with a label.")
public record SequenceDataSettings(
    @Key(
            value =
                "A UTF-8 file with a label, a tab and a text in each line; a folder with a text"
                    + " file for each label, a sequence a line; a folder with a folder of CSV files"
                    + " for each label, a sequence a file and a step a line; or builtin:names or"
                    + " builtin:normal.",
            required = true)
        FilePath path,
    @Key(
            value = "What a token of a text is: a word between white space, or a character.",
            standard = "character")
        TextDataSettings.Unit unit,
    @Key(
            value = "Longest sequence, in tokens or steps; a longer one is a bad record.",
            standard = "100",
            range = "[1, 10000]")
        int maxSteps,
    @Key(value = TextDataSettings.MIN_COUNT, standard = "1", range = "[1, inf)") int minCount,
    @Key(
            value = "Lines at the head of each CSV file that hold no step.",
            standard = "0",
            range = "[0, 1000000]")
        int skipLines,
    @Key(
            value =
                "Whether a batch is made of sequences of about one length, so that little is"
                    + " computed on padding.",
            standard = "true")
        boolean bucketing,
    @Key(
            value =
                "Share of the sequences held out to choose the best model by; 0 measures on the"
                    + " training part.",
            standard = "0.1",
            range = "[0, 0.5]")
        double validation,
    @Key(
            value =
                "Share of the sequences held out for the test; 0 measures on the training part.",
            standard = "0.1",
            range = "[0, 0.4]")
        double test,
    @Key(
            value =
                "What becomes of a line that is not UTF-8 or has no label or no text, a step that"
                    + " is not a row of numbers, and a sequence that is too long"
                    + OnBadRecord.CONSEQUENCE,
            standard = "fail")
        OnBadRecord onBadRecord,
    @Key(value = OnBadRecord.MOST, standard = "10", range = "[0, inf)") int maxBadRecords)
    implements DataSettings {}
