package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.descry.job.schema.Key;

/** The network of a classifier. */
@GoesWith(
    data = ImageDataSettings.class,
    selectBy = {SelectBy.ACCURACY, SelectBy.LOSS})
public sealed interface ClassifierSettings extends ModelSettings {

  /** What {@code batchNormEpsilon} is. */
  String NORM_EPSILON = "What a batch norm adds to the variance.";

  /** What {@code batchNormMomentum} is. */
  String NORM_MOMENTUM =
      "What a batch norm's running mean and variance keep of themselves in a step.";

  /** What the output layer minimises. */
  LossName loss();

  @Override
  default boolean smoothsLabels() {
    return switch (loss()) {
      case SOFTMAX -> true;
      case SVM -> false;
    };
  }

  @Override
  default boolean weighsClasses() {
    return true;
  }

  @Override
  default void check(DataSettings data, TrainingSettings training) {
    if (!(data instanceof ImageDataSettings images) || images.augment() == null) {
      return;
    }
    images.augment().check(images, training);
    if (loss() == LossName.SVM && images.augment().mixup() > 0) {
      throw new IllegalArgumentException(
          "data.augment.mixup is %s, but expected 0 with model.loss svm, which takes one class an image"
              .formatted(images.augment().mixup()));
    }
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
      @Key(value = Keys.LOSS, standard = "softmax") LossName loss)
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
              value =
                  "Standard deviation of the initial weights, or half the range of uniform ones; 0"
                      + " chooses it by He's rule.",
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
      @Key(value = Keys.LOSS, standard = "softmax") LossName loss,
      @Key(
              value =
                  "The nonlinearity of the stages and the hidden layers; they pool before it where"
                      + " that gives the same.",
              standard = "relu")
          ActivationName activation,
      @Key("How the weights are drawn. When absent: he, or normal where weightScale is above 0.")
          WeightInitName weightInit,
      @Key(value = NORM_EPSILON, standard = "1e-5", range = "(0, inf)") double batchNormEpsilon,
      @Key(value = NORM_MOMENTUM, standard = "0.9", range = "[0, 1)") double batchNormMomentum)
      implements ClassifierSettings {
    public Conv {
      stages = List.copyOf(stages);
      hidden = List.copyOf(hidden);
      if (weightInit != null && weightInit.scaled() != weightScale > 0) {
        throw new IllegalArgumentException(
            "weightScale is %s, but expected %s with weightInit"
                .formatted(weightScale, weightInit.scaled() ? "a value above 0" : "0"));
      }
    }

    @Override
    public void check(DataSettings data, TrainingSettings training) {
      ClassifierSettings.super.check(data, training);
      if (data instanceof ImageDataSettings images) {
        StageSettings.check(stages, images.height(), images.width());
      }
      if (batchNorm && !hidden.isEmpty() && training != null && training.batchSize() == 1) {
        throw new IllegalArgumentException(
            "training.batchSize is 1, but expected at least 2 with model.batchNorm over hidden"
                + " layers: one value a channel has no variance");
      }
    }
  }

  /** How a network's weights are drawn. */
  enum WeightInitName {
    /** Normal, by the inputs of a unit (He et al. 2015). */
    HE,
    /** The same variance, uniform. */
    @JsonProperty("he-uniform")
    HE_UNIFORM,
    /** Normal, by the inputs and outputs of a unit (Glorot and Bengio 2010). */
    XAVIER,
    /** The same variance, uniform. */
    @JsonProperty("xavier-uniform")
    XAVIER_UNIFORM,
    /** Normal with the deviation weightScale. */
    NORMAL,
    /** Uniform from -weightScale to weightScale. */
    UNIFORM,
    /** Orthonormal (Saxe et al. 2014). */
    ORTHOGONAL,
    /** Each input is handed on; outputs beyond the inputs are drawn by He's rule. */
    DIRAC,
    /** Each input is handed on; outputs beyond the inputs are 0. */
    IDENTITY;

    /** Whether weightScale says how far. */
    public boolean scaled() {
      return this == NORMAL || this == UNIFORM;
    }
  }

  /** What a residual block of another size adds its result to. */
  enum Shortcuts {
    /** Every second pixel, and zeros for the new channels. */
    IDENTITY,
    /** A 1x1 convolution. */
    PROJECTION
  }

  /** A residual network for small images. */
  @JsonClassDescription(
      "A residual network for small images: of depth 6n + 2 in three groups of basic blocks, or the"
          + " nine layers of the speed runs.")
  record Residual(
      @Key(
              value =
                  "Layers with weights: 6n + 2, such as 20, 32 or 56, or 9 for conv, then three of"
                      + " conv - pool with a block after the first and the last.",
              standard = "20",
              range = "[8, 1202]")
          int depth,
      @Key(
              value = "Filters of the first convolution. When absent: 16, and 64 for depth 9.",
              range = "[1, 1000000]")
          Integer filters,
      @Key(
              value =
                  "What a block of another size adds its result to: every second pixel with zeros"
                      + " for the new channels, or a 1x1 convolution.",
              standard = "identity")
          Shortcuts shortcuts,
      @Key(value = "What the scores are multiplied by.", standard = "1", range = "(0, inf)")
          double logitScale,
      @Key(value = NORM_EPSILON, standard = "1e-5", range = "(0, inf)") double batchNormEpsilon,
      @Key(value = NORM_MOMENTUM, standard = "0.9", range = "[0, 1)") double batchNormMomentum,
      @Key(value = Keys.LOSS, standard = "softmax") LossName loss)
      implements ClassifierSettings {
    /** The depth of the network of the speed runs. */
    public static final int NINE = 9;

    public Residual {
      if (depth != NINE && (depth - 2) % 6 != 0) {
        throw new IllegalArgumentException(
            "depth is %s, but expected 6n + 2, such as 20, 32 or 56, or 9".formatted(depth));
      }
    }

    /** Filters of the first convolution. */
    public int firstFilters() {
      if (filters != null) {
        return filters;
      }
      return depth == NINE ? 64 : 16;
    }
  }

  /** The network of the CIFAR-10 speed runs. */
  @JsonClassDescription(
      "The network of the CIFAR-10 speed runs: a frozen 2x2 convolution that whitens the training"
          + " images' patches, stages of two convolutions with batch norm and GELU, scaled scores.")
  record Fast(
      @Key(
              value = "Filters of each stage.",
              standard = "[64, 256, 256]",
              range = "[1, 6]",
              each = "[1, 1000000]")
          List<Integer> widths,
      @Key(value = "What the scores are multiplied by.", standard = "0.1111", range = "(0, inf)")
          double logitScale,
      @Key(value = NORM_EPSILON, standard = "1e-5", range = "(0, inf)") double batchNormEpsilon,
      @Key(value = NORM_MOMENTUM, standard = "0.6", range = "[0, 1)") double batchNormMomentum,
      @Key(value = Keys.LOSS, standard = "softmax") LossName loss)
      implements ClassifierSettings {
    public Fast {
      widths = List.copyOf(widths);
    }
  }
}
