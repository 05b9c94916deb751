package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** A language model: tokens - recurrent layers - affine - softmax over the vocabulary. */
@JsonClassDescription("A language model: tokens - recurrent layers - affine - softmax.")
@GoesWith(data = TextDataSettings.class, selectBy = SelectBy.LOSS)
public record LanguageSettings(
    @Min(0)
        @Max(1_000_000)
        @JsonProperty(defaultValue = "64")
        @JsonPropertyDescription("Width of a token's vector; 0 for one-hot tokens.")
        int embedding,
    @Min(1)
        @Max(1_000_000)
        @JsonProperty(defaultValue = "128")
        @JsonPropertyDescription("Width of a recurrent layer's state.")
        int hidden,
    @Min(1) @Max(64) @JsonProperty(defaultValue = "1") @JsonPropertyDescription("Recurrent layers.")
        int layers,
    @JsonProperty(defaultValue = "vanilla")
        @JsonPropertyDescription("What the recurrent layers are made of.")
        RnnName rnn,
    @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription(
            "Whether the scores are products with the tokens' vectors; embedding is hidden then.")
        boolean tied)
    implements ModelSettings {
  public LanguageSettings {
    if (tied && embedding != hidden) {
      throw new IllegalArgumentException(
          "tied is true, but expected an embedding as wide as hidden, %s, and not %s"
              .formatted(hidden, embedding));
    }
  }
}
