package org.descry.train.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;

/** How the learning rate changes over the training, by its {@code type}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ScheduleSettings.Constant.class, name = "constant"),
  @JsonSubTypes.Type(value = ScheduleSettings.Step.class, name = "step"),
  @JsonSubTypes.Type(value = ScheduleSettings.Exponential.class, name = "exponential"),
  @JsonSubTypes.Type(value = ScheduleSettings.Cosine.class, name = "cosine")
})
public sealed interface ScheduleSettings {

  /** The same rate throughout. */
  @JsonClassDescription("The same rate throughout.")
  record Constant() implements ScheduleSettings {}

  /** Multiplied by a factor every so many epochs. */
  @JsonClassDescription("Multiplied by a factor every so many epochs.")
  record Step(
      @Min(1)
          @JsonProperty(defaultValue = "10")
          @JsonPropertyDescription("Epochs between two changes.")
          int every,
      @Positive
          @DecimalMax("1")
          @JsonProperty(defaultValue = "0.1")
          @JsonPropertyDescription("What the rate is multiplied by.")
          double factor)
      implements ScheduleSettings {}

  /** Multiplied by a factor after every epoch. */
  @JsonClassDescription("Multiplied by a factor after every epoch.")
  record Exponential(
      @Positive
          @DecimalMax("1")
          @JsonProperty(defaultValue = "0.95")
          @JsonPropertyDescription("What the rate is multiplied by.")
          double factor)
      implements ScheduleSettings {}

  /** Half a cosine wave from the learning rate to a share of it, step by step. */
  @JsonClassDescription("Half a cosine wave from the learning rate down to a share of it.")
  record Cosine(
      @DecimalMin("0")
          @DecimalMax("1")
          @JsonProperty(defaultValue = "0")
          @JsonPropertyDescription("Share of the learning rate that is left at the last step.")
          double end)
      implements ScheduleSettings {}
}
