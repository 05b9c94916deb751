package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.List;

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
      @Min(1)
          @Max(1_000_000)
          @JsonProperty(defaultValue = "32")
          @JsonPropertyDescription("Filters of the convolution.")
          int filters,
      @Min(1)
          @Max(1023)
          @JsonProperty(defaultValue = "7")
          @JsonPropertyDescription("Height and width of a filter, odd.")
          int filterSize,
      @Min(1)
          @Max(1_000_000)
          @JsonProperty(defaultValue = "100")
          @JsonPropertyDescription("Width of the hidden affine layer.")
          int hidden,
      @Positive
          @JsonProperty(defaultValue = "0.001")
          @JsonPropertyDescription("Standard deviation of the initial weights.")
          double weightScale,
      @JsonProperty(defaultValue = "softmax")
          @JsonPropertyDescription("What the output layer minimises.")
          LossName loss)
      implements ClassifierSettings {
    public ThreeLayer {
      StageSettings.requireOdd(filterSize);
    }
  }

  /** Stages of conv - relu [- 2x2 max pool], then affine - relu layers, then affine - loss. */
  @JsonClassDescription("Stages of conv - relu [- pool], hidden affine - relu layers, affine.")
  record Conv(
      @NotNull @Size(min = 1) @JsonPropertyDescription("The convolutional stages, input first.")
          List<StageSettings> stages,
      @JsonProperty(defaultValue = "[]")
          @JsonPropertyDescription("Widths of the hidden affine layers after the stages.")
          List<@Min(1) @Max(1_000_000) Integer> hidden,
      @DecimalMin("0")
          @JsonProperty(defaultValue = "0")
          @JsonPropertyDescription(
              "Standard deviation of the initial weights; 0 chooses it by He's rule.")
          double weightScale,
      @JsonProperty(defaultValue = "false")
          @JsonPropertyDescription("Whether the stages and the hidden layers normalise each batch.")
          boolean batchNorm,
      @DecimalMin("0")
          @DecimalMax(value = "1", inclusive = false)
          @JsonProperty(defaultValue = "0")
          @JsonPropertyDescription(
              "Probability to drop an output of a hidden layer (of the last stage if there is"
                  + " none).")
          double dropout,
      @JsonProperty(defaultValue = "softmax")
          @JsonPropertyDescription("What the output layer minimises.")
          LossName loss,
      @JsonProperty(defaultValue = "relu")
          @JsonPropertyDescription(
              "The nonlinearity of the stages and the hidden layers; they pool before it where that"
                  + " gives the same.")
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
