package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.descry.job.schema.Key;

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
      @Key(value = Keys.LEARNING_RATE, standard = "0.01", range = "(0, inf)") double learningRate,
      @Key(value = Keys.SCHEDULE, standard = "{type: constant}") ScheduleSettings schedule)
      implements OptimizerSettings {}

  /** Gradient descent with Nesterov's momentum. */
  @JsonClassDescription("Gradient descent with Nesterov's momentum.")
  record Nesterov(
      @Key(value = Keys.LEARNING_RATE, standard = "0.01", range = "(0, inf)") double learningRate,
      @Key(value = "Share of the last step that is carried on.", standard = "0.9", range = "[0, 1)")
          double momentum,
      @Key(value = Keys.SCHEDULE, standard = "{type: constant}") ScheduleSettings schedule)
      implements OptimizerSettings {}

  /** RMSProp: steps divided by a running root mean square of the gradient. */
  @JsonClassDescription("RMSProp.")
  record RmsProp(
      @Key(value = Keys.LEARNING_RATE, standard = "0.001", range = "(0, inf)") double learningRate,
      @Key(value = Keys.SQUARES_DECAY, standard = "0.95", range = "[0, 1)") double decay,
      @Key(value = Keys.EPSILON, standard = "1e-8", range = "(0, inf)") double epsilon,
      @Key(value = Keys.SCHEDULE, standard = "{type: constant}") ScheduleSettings schedule)
      implements OptimizerSettings {}

  /** Adam (Kingma and Ba 2015). */
  @JsonClassDescription("Adam.")
  record Adam(
      @Key(value = Keys.LEARNING_RATE, standard = "0.001", range = "(0, inf)") double learningRate,
      @Key(value = Keys.MEAN_DECAY, standard = "0.9", range = "[0, 1)") double beta1,
      @Key(value = Keys.SQUARES_DECAY, standard = "0.999", range = "[0, 1)") double beta2,
      @Key(value = Keys.EPSILON, standard = "1e-8", range = "(0, inf)") double epsilon,
      @Key(value = Keys.SCHEDULE, standard = "{type: constant}") ScheduleSettings schedule)
      implements OptimizerSettings {}

  /** Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019). */
  @JsonClassDescription("Adam with decoupled weight decay.")
  record AdamW(
      @Key(value = Keys.LEARNING_RATE, standard = "0.001", range = "(0, inf)") double learningRate,
      @Key(value = Keys.MEAN_DECAY, standard = "0.9", range = "[0, 1)") double beta1,
      @Key(value = Keys.SQUARES_DECAY, standard = "0.999", range = "[0, 1)") double beta2,
      @Key(value = Keys.EPSILON, standard = "1e-8", range = "(0, inf)") double epsilon,
      @Key(
              value =
                  "Share of a weight (not of a bias) that a step takes away, times the learning"
                      + " rate. It is in none of the losses.",
              standard = "0.01",
              range = "[0, inf)")
          double weightDecay,
      @Key(value = Keys.SCHEDULE, standard = "{type: constant}") ScheduleSettings schedule)
      implements OptimizerSettings {}
}
