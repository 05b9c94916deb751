package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import java.util.List;
import org.descry.job.schema.Key;

/** The network of a classifier. */
@GoesWith(
    data = ImageDataSettings.class,
    selectBy = {SelectBy.ACCURACY, SelectBy.LOSS})
public sealed interface ClassifierSettings extends ModelSettings {

  /** What the output layer minimises. */
  LossName loss();

  @Override
  default boolean smoothsLabels() {
    return switch (loss()) {
      case SOFTMAX -> true;
      case SVM -> false;
    };
  }

  /** The loss of a classifier. */
  enum LossName {
    /** Cross-entropy of the softmax of the scores. */
    SOFTMAX,
    /** The multiclass hinge loss with margin 1. */
    SVM
  }

  /** conv - relu - 2x2 max pool - affine - relu - affine - loss. */
  @JsonClassDescription("conv - relu - 2x2 max pool - affine - relu - affine - loss.")
  record ThreeLayer(
      @Key(value = "Filters of the convolution.", standard = "32", range = "[1, 1000000]")
          int filters,
      @Key(value = "Height and width of a filter, odd.", standard = "7", range = "[1, 1023]")
          int filterSize,
      @Key(value = "Width of the hidden affine layer.", standard = "100", range = "[1, 1000000]")
          int hidden,
      @Key(
              value = "Standard deviation of the initial weights.",
              standard = "0.001",
              range = "(0, inf)")
          double weightScale,
      @Key(value = "What the output layer minimises.", standard = "softmax") LossName loss)
      implements ClassifierSettings {
    public ThreeLayer {
      StageSettings.requireOdd(filterSize);
    }
  }

  /** Stages of conv - relu [- 2x2 max pool], then affine - relu layers, then affine - loss. */
  @JsonClassDescription("Stages of conv - relu [- pool], hidden affine - relu layers, affine.")
  record Conv(
      @Key(value = "The convolutional stages, input first.", range = "[1, inf)", required = true)
          List<StageSettings> stages,
      @Key(
              value = "Widths of the hidden affine layers after the stages.",
              standard = "[]",
              each = "[1, 1000000]")
          List<Integer> hidden,
      @Key(
              value = "Standard deviation of the initial weights; 0 chooses it by He's rule.",
              standard = "0",
              range = "[0, inf)")
          double weightScale,
      @Key(
              value = "Whether the stages and the hidden layers normalise each batch.",
              standard = "false")
          boolean batchNorm,
      @Key(
              value =
                  "Probability to drop an output of a hidden layer (of the last stage if there is"
                      + " none).",
              standard = "0",
              range = "[0, 1)")
          double dropout,
      @Key(value = "What the output layer minimises.", standard = "softmax") LossName loss,
      @Key(
              value =
                  "The nonlinearity of the stages and the hidden layers; they pool before it where"
                      + " that gives the same.",
              standard = "relu")
          ActivationName activation)
      implements ClassifierSettings {
    public Conv {
      stages = List.copyOf(stages);
      hidden = List.copyOf(hidden);
    }

    @Override
    public void check(DataSettings data, TrainingSettings training) {
      if (batchNorm && !hidden.isEmpty() && training != null && training.batchSize() == 1) {
        throw new IllegalArgumentException(
            "training.batchSize is 1, but expected at least 2 with model.batchNorm over hidden"
                + " layers: one value a channel has no variance");
      }
    }
  }
}
