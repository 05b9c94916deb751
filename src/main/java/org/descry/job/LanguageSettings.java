package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import org.descry.job.schema.Key;

/** A language model: tokens - recurrent layers - affine - softmax over the vocabulary. */
@JsonClassDescription("A language model: tokens - recurrent layers - affine - softmax.")
@GoesWith(data = TextDataSettings.class, selectBy = SelectBy.LOSS)
public record LanguageSettings(
    @Key(
            value = "Width of a token's vector; 0 for one-hot tokens.",
            standard = "64",
            range = "[0, 1000000]")
        int embedding,
    @Key(value = Keys.HIDDEN, standard = "128", range = "[1, 1000000]") int hidden,
    @Key(value = Keys.LAYERS, standard = "1", range = "[1, 64]") int layers,
    @Key(value = Keys.RNN, standard = "vanilla") RnnName rnn,
    @Key(
            value =
                "What a step of a vanilla layer makes of its sums: tanh; or linear, nothing, and"
                    + " the scores are made of what the step reads and the state before it.",
            standard = "tanh")
        CellName cell,
    @Key(
            value =
                "Whether the scores are products with the tokens' vectors; embedding is hidden"
                    + " then.",
            standard = "false")
        boolean tied,
    @Key(value = Keys.INIT, standard = "normal") InitName init)
    implements ModelSettings {
  public LanguageSettings {
    if (cell == CellName.LINEAR && (rnn != RnnName.VANILLA || layers > 1 || tied)) {
      throw new IllegalArgumentException(
          "cell is linear, but expected one vanilla layer with it, and not tied");
    }
    if (tied && embedding != hidden) {
      throw new IllegalArgumentException(
          "tied is true, but expected an embedding as wide as hidden, %s, and not %s"
              .formatted(hidden, embedding));
    }
  }

  @Override
  public void check(DataSettings data, TrainingSettings training) {
    if (tied && init != InitName.NORMAL) {
      throw new IllegalArgumentException(
          "model.tied is true, but expected model.init normal with it, and not uniform");
    }
    if (tied && data instanceof TextDataSettings text && text.bptt() > 0) {
      throw new IllegalArgumentException(
          "model.tied is true, but expected data.bptt 0 with it, and not " + text.bptt());
    }
  }
}
