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
    @Key(value = Keys.LAYERS, standard = "1", range = "[1, 8]") int layers,
    @Key(value = Keys.RNN, standard = "vanilla") RnnName rnn,
    @Key(
            value =
                "Whether the words' scores are products with their vectors; embedding is hidden"
                    + " then.",
            standard = "false")
        boolean tied,
    @Key(
            value =
                "What the first recurrent layer looks at before each word: soft weighs the places"
                    + " of the last stage's maps.",
            standard = "none")
        AttentionName attention,
    @Key(
            value = "Width of the layer in which the attention compares state and places.",
            standard = "128",
            range = "[1, 1000000]")
        int attentionWidth,
    @Key(
            value =
                "Weight of the loss by which the attention of all words together is drawn to each"
                    + " place equally.",
            standard = "1",
            range = "[0, inf)")
        double attentionPenalty,
    @Key(
            value = "Probability to drop an element of a word's vector.",
            standard = "0",
            range = "[0, 1)")
        double embeddingDropout,
    @Key(
            value = "Probability to drop an element of the state that words are scored by.",
            standard = "0",
            range = "[0, 1)")
        double outputDropout,
    @Key(
            value =
                "Probability that a word which is read is the model's own and not the caption's,"
                    + " in the last epoch; it rises from 0 in the first.",
            standard = "0",
            range = "[0, 1]")
        double scheduledSampling,
    @Key(
            "Zip of a trained classifier whose first stages are the same: they start from its"
                + " weights.")
        FilePath initFrom,
    @Key(value = "Whether the stages of initFrom stay as they are.", standard = "false")
        boolean freeze,
    @Key(
            value =
                "Epochs in which the stages of initFrom keep their weights before they learn"
                    + " along.",
            standard = "0",
            range = "[0, inf)")
        int unfreezeAt,
    @Key(
            value =
                "Whether nothing of the image is let through, and there are no stages: what is"
                    + " left is what a captioner reaches from captions alone.",
            standard = "false")
        boolean blind)
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
    if (unfreezeAt > 0 && (freeze || initFrom == null)) {
      throw new IllegalArgumentException(
          "unfreezeAt is %s, but expected initFrom with the stages to keep so long, and no freeze"
              .formatted(unfreezeAt));
    }
    if (blind && (!stages.isEmpty() || attention != AttentionName.NONE)) {
      throw new IllegalArgumentException(
          "blind is true, but expected neither stages nor attention with it");
    }
    if (tied && embedding != hidden) {
      throw new IllegalArgumentException(
          "tied is true, but expected an embedding as wide as hidden, %s, and not %s"
              .formatted(hidden, embedding));
    }
    if (tied && (attention != AttentionName.NONE || embeddingDropout > 0 || outputDropout > 0)) {
      throw new IllegalArgumentException(
          "tied is true, but expected neither attention nor dropout with it");
    }
  }

  @Override
  public boolean decodes() {
    return true;
  }

  @Override
  public void check(DataSettings data, TrainingSettings training) {
    boolean features = data instanceof CaptionDataSettings.Files files && files.features() != null;
    if (attention != AttentionName.NONE && features) {
      throw new IllegalArgumentException(
          "model.attention is soft, but expected images and stages, for data.features have no grid"
              + " to look at");
    }
    if (!blind && features != stages.isEmpty()) {
      throw new IllegalArgumentException(
          features
              ? "model.stages are given, but expected none with data.features"
              : "model.stages are missing, but expected at least one for images");
    }
    if (data instanceof CaptionDataSettings images && !features) {
      StageSettings.check(stages, images.height(), images.width());
      if (data instanceof CaptionDataSettings.Files files) {
        files.requireShift();
      }
    }
  }
}
