package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.descry.job.schema.Key;

/** How the learning rate changes over the training, by its {@code type}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ScheduleSettings.Constant.class, name = "constant"),
  @JsonSubTypes.Type(value = ScheduleSettings.Step.class, name = "step"),
  @JsonSubTypes.Type(value = ScheduleSettings.Exponential.class, name = "exponential"),
  @JsonSubTypes.Type(value = ScheduleSettings.Cosine.class, name = "cosine"),
  @JsonSubTypes.Type(value = ScheduleSettings.OneCycle.class, name = "one-cycle"),
  @JsonSubTypes.Type(value = ScheduleSettings.Plateau.class, name = "plateau"),
  @JsonSubTypes.Type(value = ScheduleSettings.Halving.class, name = "halving")
})
public sealed interface ScheduleSettings {
  /** Whether it is laid out for all steps of a training, so that another number changes each. */
  default boolean coversTraining() {
    return false;
  }

  /** Whether the rate may change after an epoch, by what the epoch was like. */
  default boolean followsMetrics() {
    return false;
  }

  /** The same rate throughout. */
  @JsonClassDescription("The same rate throughout.")
  record Constant() implements ScheduleSettings {}

  /** Multiplied by a factor every so many epochs. */
  @JsonClassDescription("Multiplied by a factor every so many epochs.")
  record Step(
      @Key(value = "Epochs between two changes.", standard = "10", range = "[1, inf)") int every,
      @Key(value = "What the rate is multiplied by.", standard = "0.1", range = "(0, 1]")
          double factor)
      implements ScheduleSettings {}

  /** Multiplied by a factor after every epoch. */
  @JsonClassDescription("Multiplied by a factor after every epoch.")
  record Exponential(
      @Key(value = "What the rate is multiplied by.", standard = "0.95", range = "(0, 1]")
          double factor)
      implements ScheduleSettings {}

  /** Half a cosine wave from the learning rate to a share of it, step by step. */
  @JsonClassDescription("Half a cosine wave from the learning rate down to a share of it.")
  record Cosine(@Key(value = Keys.LAST_RATE, standard = "0", range = "[0, 1]") double end)
      implements ScheduleSettings {
    @Override
    public boolean coversTraining() {
      return true;
    }
  }

  /** Up to the learning rate and down again in straight lines, step by step (Smith 2018). */
  @JsonClassDescription("Up to the learning rate and down again in straight lines.")
  record OneCycle(
      @Key(
              value = "Share of the learning rate at the first step.",
              standard = "0.04",
              range = "[0, 1]")
          double start,
      @Key(
              value =
                  "Share of the steps after which the learning rate is reached: with 0.3, the third"
                      + " of ten steps has it.",
              standard = "0.3",
              range = "(0, 1)")
          double peak,
      @Key(value = Keys.LAST_RATE, standard = "0", range = "[0, 1]") double end)
      implements ScheduleSettings {
    @Override
    public boolean coversTraining() {
      return true;
    }
  }

  /** Multiplied by a factor whenever the validation loss stops falling. */
  @JsonClassDescription("Multiplied by a factor whenever the validation loss stops falling.")
  record Plateau(
      @Key(value = "What the rate is multiplied by.", standard = "0.1", range = "(0, 1)")
          double factor,
      @Key(
              value =
                  "Epochs without a new lowest validation loss before a change; only those that"
                      + " evaluateEvery evaluates are looked at.",
              standard = "5",
              range = "[1, inf)")
          int patience)
      implements ScheduleSettings {
    @Override
    public boolean followsMetrics() {
      return true;
    }
  }

  /** Halved after each epoch whose training loss is above that of the epoch before. */
  @JsonClassDescription("Halved after each epoch whose training loss rose.")
  record Halving() implements ScheduleSettings {
    @Override
    public boolean followsMetrics() {
      return true;
    }
  }
}
