package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import java.util.Locale;
import org.descry.job.schema.Key;

/** A recurrent network that puts whole sequences into classes. */
@JsonClassDescription("A sequence classifier: tokens or numbers - recurrent layers - affine.")
@GoesWith(
    data = SequenceDataSettings.class,
    selectBy = {SelectBy.ACCURACY, SelectBy.LOSS})
public record SequenceSettings(
    @Key(
            value =
                "Width of a token's vector; 0 for one-hot tokens. Sequences of numbers have none.",
            standard = "32",
            range = "[0, 1000000]")
        int embedding,
    @Key(value = Keys.HIDDEN, standard = "128", range = "[1, 1000000]") int hidden,
    @Key(value = Keys.LAYERS, standard = "1", range = "[1, 64]") int layers,
    @Key(value = Keys.RNN, standard = "vanilla") RnnName rnn,
    @Key(value = "Whether each layer reads from both ends.", standard = "false")
        boolean bidirectional,
    @Key(
            value =
                "What the classes are told from: the state in which the last layer ends (final; of"
                    + " a reversed one, that at the first step), or its output at the last step"
                    + " (last; of a reversed one, it has read that step alone).",
            standard = "final")
        Readout readout,
    @Key(value = Keys.INIT, standard = "normal") InitName init,
    @Key(
            value =
                "Biases of a cell: 2, as PyTorch has it, of which only the sum counts, so that it"
                    + " learns twice as fast.",
            standard = "1",
            range = "[1, 2]")
        int biases,
    @Key(
            value =
                "What is minimised: the softmax loss of the classes, or mean, that of all final"
                    + " states of all layers, which needs no classes.",
            standard = "softmax")
        LossName loss)
    implements ModelSettings {

  /** What the classes are told from. */
  public enum Readout {
    /** The state in which the last layer ends. */
    FINAL,
    /** The last layer's output at the last step. */
    LAST
  }

  /** What is minimised. */
  public enum LossName {
    /** Cross-entropy of the softmax of the classes' scores. */
    SOFTMAX,
    /** The mean of the final states. */
    MEAN
  }

  /** Whether sequences are told apart at all. */
  public boolean hasClasses() {
    return switch (loss) {
      case SOFTMAX -> true;
      case MEAN -> false;
    };
  }

  @Override
  public boolean smoothsLabels() {
    return hasClasses();
  }

  @Override
  public void check(DataSettings data, TrainingSettings training) {
    if (!hasClasses() && training != null && training.selectBy() != SelectBy.LOSS) {
      throw new IllegalArgumentException(
          "training.selectBy is %s, but expected loss with model.loss mean, which has no classes"
              .formatted(training.selectBy().name().toLowerCase(Locale.ROOT)));
    }
  }
}
