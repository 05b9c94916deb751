package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.descry.job.schema.FilePath;

/** A recurrent network that starts from the image and says word after word. */
@JsonClassDescription("Conv stages (or features) - affine - RNN over words - affine.")
@GoesWith(
    data = CaptionDataSettings.class,
    selectBy = {SelectBy.BLEU4, SelectBy.CIDER, SelectBy.LOSS})
public record CaptionerSettings(
    @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription(
            "The convolutional stages that images go through; none for ready-made features.")
        List<StageSettings> stages,
    @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription("Whether the stages normalise each channel over the batch.")
        boolean batchNorm,
    @Min(1)
        @Max(1_000_000)
        @JsonProperty(defaultValue = "128")
        @JsonPropertyDescription("Width of a word's vector.")
        int embedding,
    @Min(1)
        @Max(1_000_000)
        @JsonProperty(defaultValue = "256")
        @JsonPropertyDescription("Width of the recurrent state.")
        int hidden,
    @Min(1) @Max(8) @JsonProperty(defaultValue = "1") @JsonPropertyDescription("Recurrent layers.")
        int layers,
    @JsonProperty(defaultValue = "vanilla")
        @JsonPropertyDescription("What the recurrent layers are made of.")
        RnnName rnn,
    @JsonPropertyDescription(
            "Zip of a trained classifier whose first stages are the same: they start from its"
                + " weights.")
        FilePath initFrom,
    @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription("Whether the stages of initFrom stay as they are.")
        boolean freeze)
    implements ModelSettings {
  public CaptionerSettings {
    stages = List.copyOf(stages);
    if (initFrom != null && stages.isEmpty()) {
      throw new IllegalArgumentException("initFrom is given, but expected stages to go with it");
    }
    if (freeze && initFrom == null) {
      throw new IllegalArgumentException(
          "freeze is true, but expected initFrom with the stages to keep");
    }
  }

  @Override
  public boolean decodes() {
    return true;
  }

  @Override
  public void check(DataSettings data, TrainingSettings training) {
    boolean features = data instanceof CaptionDataSettings.Files files && files.features() != null;
    if (features != stages.isEmpty()) {
      throw new IllegalArgumentException(
          features
              ? "model.stages are given, but expected none with data.features"
              : "model.stages are missing, but expected at least one for images");
    }
  }
}
