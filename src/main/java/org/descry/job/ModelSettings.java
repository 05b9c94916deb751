package org.descry.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The network, by its {@code type}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ClassifierSettings.ThreeLayer.class, name = "three-layer-convnet"),
  @JsonSubTypes.Type(value = ClassifierSettings.Conv.class, name = "convnet"),
  @JsonSubTypes.Type(value = ClassifierSettings.Residual.class, name = "resnet"),
  @JsonSubTypes.Type(value = ClassifierSettings.Fast.class, name = "fast"),
  @JsonSubTypes.Type(value = CaptionerSettings.class, name = "captioning-rnn"),
  @JsonSubTypes.Type(value = LanguageSettings.class, name = "language-rnn"),
  @JsonSubTypes.Type(value = SequenceSettings.class, name = "sequence-rnn")
})
public sealed interface ModelSettings
    permits ClassifierSettings,
        CaptionerSettings,
        LanguageSettings,
        SequenceSettings,
        NetworkJob.Model {
  /** Whether labels can be smoothed: whether the loss is a classifier's cross-entropy. */
  default boolean smoothsLabels() {
    return false;
  }

  /** Whether some classes can count for more than others in the loss. */
  default boolean weighsClasses() {
    return false;
  }

  /** Whether its answers are found by decoding. */
  default boolean decodes() {
    return false;
  }

  /**
   * Checks what spans the model, its data and its training, which may be null.
   *
   * @throws IllegalArgumentException if they do not go together
   */
  default void check(DataSettings data, TrainingSettings training) {}
}
