package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Positive;

/** The update rule, by its {@code type}. Defaults are the usual ones of the field. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = OptimizerSettings.Sgd.class, name = "sgd"),
  @JsonSubTypes.Type(value = OptimizerSettings.Nesterov.class, name = "nesterov"),
  @JsonSubTypes.Type(value = OptimizerSettings.RmsProp.class, name = "rmsprop"),
  @JsonSubTypes.Type(value = OptimizerSettings.Adam.class, name = "adam"),
  @JsonSubTypes.Type(value = OptimizerSettings.AdamW.class, name = "adamw")
})
public sealed interface OptimizerSettings {

  /** Step size at the start, before the schedule changes it. */
  double learningRate();

  /** How the learning rate changes over the epochs. */
  ScheduleSettings schedule();

  /** Share of a weight that a step takes away, times the learning rate, apart from the gradient. */
  default double weightDecay() {
    return 0;
  }

  /** Plain stochastic gradient descent. */
  @JsonClassDescription("Stochastic gradient descent.")
  record Sgd(
      @Positive
          @JsonProperty(defaultValue = "0.01")
          @JsonPropertyDescription("Step size at the start.")
          double learningRate,
      @JsonProperty(defaultValue = "{type: constant}")
          @JsonPropertyDescription("How the learning rate changes.")
          ScheduleSettings schedule)
      implements OptimizerSettings {}

  /** Gradient descent with Nesterov's momentum. */
  @JsonClassDescription("Gradient descent with Nesterov's momentum.")
  record Nesterov(
      @Positive
          @JsonProperty(defaultValue = "0.01")
          @JsonPropertyDescription("Step size at the start.")
          double learningRate,
      @DecimalMin("0")
          @DecimalMax(value = "1", inclusive = false)
          @JsonProperty(defaultValue = "0.9")
          @JsonPropertyDescription("Share of the last step that is carried on.")
          double momentum,
      @JsonProperty(defaultValue = "{type: constant}")
          @JsonPropertyDescription("How the learning rate changes.")
          ScheduleSettings schedule)
      implements OptimizerSettings {}

  /** RMSProp: steps divided by a running root mean square of the gradient. */
  @JsonClassDescription("RMSProp.")
  record RmsProp(
      @Positive
          @JsonProperty(defaultValue = "0.001")
          @JsonPropertyDescription("Step size at the start.")
          double learningRate,
      @DecimalMin("0")
          @DecimalMax(value = "1", inclusive = false)
          @JsonProperty(defaultValue = "0.95")
          @JsonPropertyDescription("Decay of the running mean of squared gradients.")
          double decay,
      @Positive
          @JsonProperty(defaultValue = "1e-8")
          @JsonPropertyDescription("Added to the divisor.")
          double epsilon,
      @JsonProperty(defaultValue = "{type: constant}")
          @JsonPropertyDescription("How the learning rate changes.")
          ScheduleSettings schedule)
      implements OptimizerSettings {}

  /** Adam (Kingma and Ba 2015). */
  @JsonClassDescription("Adam.")
  record Adam(
      @Positive
          @JsonProperty(defaultValue = "0.001")
          @JsonPropertyDescription("Step size at the start.")
          double learningRate,
      @DecimalMin("0")
          @DecimalMax(value = "1", inclusive = false)
          @JsonProperty(defaultValue = "0.9")
          @JsonPropertyDescription("Decay of the running mean of gradients.")
          double beta1,
      @DecimalMin("0")
          @DecimalMax(value = "1", inclusive = false)
          @JsonProperty(defaultValue = "0.999")
          @JsonPropertyDescription("Decay of the running mean of squared gradients.")
          double beta2,
      @Positive
          @JsonProperty(defaultValue = "1e-8")
          @JsonPropertyDescription("Added to the divisor.")
          double epsilon,
      @JsonProperty(defaultValue = "{type: constant}")
          @JsonPropertyDescription("How the learning rate changes.")
          ScheduleSettings schedule)
      implements OptimizerSettings {}

  /** Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019). */
  @JsonClassDescription("Adam with decoupled weight decay.")
  record AdamW(
      @Positive
          @JsonProperty(defaultValue = "0.001")
          @JsonPropertyDescription("Step size at the start.")
          double learningRate,
      @DecimalMin("0")
          @DecimalMax(value = "1", inclusive = false)
          @JsonProperty(defaultValue = "0.9")
          @JsonPropertyDescription("Decay of the running mean of gradients.")
          double beta1,
      @DecimalMin("0")
          @DecimalMax(value = "1", inclusive = false)
          @JsonProperty(defaultValue = "0.999")
          @JsonPropertyDescription("Decay of the running mean of squared gradients.")
          double beta2,
      @Positive
          @JsonProperty(defaultValue = "1e-8")
          @JsonPropertyDescription("Added to the divisor.")
          double epsilon,
      @DecimalMin("0")
          @JsonProperty(defaultValue = "0.01")
          @JsonPropertyDescription(
              "Share of a weight (not of a bias) that a step takes away, times the learning rate."
                  + " It is in none of the losses.")
          double weightDecay,
      @JsonProperty(defaultValue = "{type: constant}")
          @JsonPropertyDescription("How the learning rate changes.")
          ScheduleSettings schedule)
      implements OptimizerSettings {}
}
