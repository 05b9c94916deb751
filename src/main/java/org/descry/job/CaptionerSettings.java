package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import java.util.List;
import org.descry.job.schema.FilePath;
import org.descry.job.schema.Key;

/** A recurrent network that starts from the image and says word after word. */
@JsonClassDescription("Conv stages (or features) - affine - RNN over words - affine.")
@GoesWith(
    data = CaptionDataSettings.class,
    selectBy = {SelectBy.BLEU4, SelectBy.CIDER, SelectBy.LOSS})
public record CaptionerSettings(
    @Key(
            value =
                "The convolutional stages that images go through; none for ready-made features.",
            standard = "[]")
        List<StageSettings> stages,
    @Key(value = "Whether the stages normalise each channel over the batch.", standard = "false")
        boolean batchNorm,
    @Key(value = "Width of a word's vector.", standard = "128", range = "[1, 1000000]")
        int embedding,
    @Key(value = "Width of the recurrent state.", standard = "256", range = "[1, 1000000]")
        int hidden,
    @Key(value = "Recurrent layers.", standard = "1", range = "[1, 8]") int layers,
    @Key(value = "What the recurrent layers are made of.", standard = "vanilla") RnnName rnn,
    @Key(
            "Zip of a trained classifier whose first stages are the same: they start from its"
                + " weights.")
        FilePath initFrom,
    @Key(value = "Whether the stages of initFrom stay as they are.", standard = "false")
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
