package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/** A training job with every default filled in: what {@link JobFile#job} makes of a file. */
@JsonClassDescription("A Descry training job.")
public record Job(
    @NotNull
        @Pattern(regexp = "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?![\\s\\S])")
        @JsonPropertyDescription(
            "Name of the job and of its folder under output.dir: letters, digits, '.', '_', '-'.")
        String name,
    @Min(-MAX_SEED)
        @Max(MAX_SEED)
        @JsonProperty(defaultValue = "1")
        @JsonPropertyDescription(
            "Seed of every random choice: initial weights, order, augmentation, dropout.")
        long seed,
    @NotNull @JsonPropertyDescription("The network.") ModelSettings model,
    @NotNull @JsonPropertyDescription("Where the examples come from.") DataSettings data,
    @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("How the network is trained.")
        TrainingSettings training,
    @JsonPropertyDescription(
            "How a captioner finds its words when it is tested and used; captioners only.")
        DecodingSettings decoding,
    @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Where the results go.")
        OutputSettings output) {

  /** Largest seed that survives a trip through JavaScript's numbers, as JSON tools have them. */
  static final long MAX_SEED = (1L << 53) - 1;

  private static final java.util.regex.Pattern RESERVED =
      java.util.regex.Pattern.compile("(?i)(con|prn|aux|nul|(com|lpt)[0-9])([.].*)?|.*[.]");

  /** Fills in what depends on the kind of job and checks what spans sections. */
  public Job {
    if (RESERVED.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name is %s, but expected a name that Windows can give to a folder".formatted(name));
    }
    if (training != null && training.selectBy() == null) {
      training = training.withSelectBy(Mismatch.partners(model.getClass()).selectBy()[0]);
    }
    if (training != null && training.labelSmoothing() > 0 && !model.smoothsLabels()) {
      throw new IllegalArgumentException(
          "training.labelSmoothing is %s, but expected 0 without a classifier's softmax loss"
              .formatted(training.labelSmoothing()));
    }
    if (decoding != null && !model.decodes()) {
      throw new IllegalArgumentException("decoding is given, but expected only with a captioner");
    }
    if (decoding == null && model.decodes()) {
      decoding = DecodingSettings.USUAL;
    }
    model.check(data, training);
  }
}
