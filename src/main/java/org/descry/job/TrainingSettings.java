package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.Optional;

/** The loop: how long, in which batches, with which update rule. */
@JsonClassDescription("How the network is trained.")
public record TrainingSettings(
    @Min(1)
        @Max(1_000_000)
        @JsonProperty(defaultValue = "10")
        @JsonPropertyDescription("Passes over the training part.")
        int epochs,
    @Min(1)
        @Max(1_000_000)
        @JsonProperty(defaultValue = "100")
        @JsonPropertyDescription("Examples in one step.")
        int batchSize,
    @JsonProperty(defaultValue = "{type: adam}") @JsonPropertyDescription("The update rule.")
        OptimizerSettings optimizer,
    @DecimalMin("0")
        @JsonProperty(defaultValue = "0")
        @JsonPropertyDescription(
            "Epochs, or a part of one, over which the learning rate rises in a straight line to"
                + " what its schedule says. A schedule that changes the rate meanwhile scales what"
                + " is left of the rise.")
        double warmUpEpochs,
    @DecimalMin("0")
        @JsonProperty(defaultValue = "0")
        @JsonPropertyDescription(
            "Strength of the L2 penalty on weights (not biases): l2/2 times the sum of squares. It"
                + " is in trainLoss and in no other figure.")
        double l2,
    @JsonPropertyDescription("Limits on each layer's gradient; none when absent.")
        GradientClipping gradientClipping,
    @DecimalMin("0")
        @DecimalMax(value = "1", inclusive = false)
        @JsonProperty(defaultValue = "0")
        @JsonPropertyDescription(
            "Share of a label's probability that training spreads evenly over all classes; for a"
                + " classifier with the softmax loss. trainLoss is that of the smoothed labels;"
                + " validationLoss and testLoss are those of the true ones.")
        double labelSmoothing,
    @DecimalMin("0")
        @DecimalMax(value = "1", inclusive = false)
        @JsonProperty(defaultValue = "0")
        @JsonPropertyDescription(
            "Decay of an exponential moving average of the weights, such as 0.999, which is"
                + " evaluated and saved in their place; 0 for none. trainLoss is that of the"
                + " weights themselves, all other figures are those of the average.")
        double weightAverage,
    @JsonPropertyDescription(
            "What the best epoch is chosen by, on the validation part. When absent: a classifier's"
                + " accuracy, a captioner's bleu4, a language model's loss.")
        SelectBy selectBy,
    @Min(1)
        @Max(1_000_000)
        @JsonProperty(defaultValue = "1")
        @JsonPropertyDescription(
            "Epochs from one evaluation on the validation part to the next. The last epoch is"
                + " always evaluated, that of maxTime too; the best model is one of those that"
                + " were.")
        int evaluateEvery,
    @Pattern(regexp = DURATION)
        @JsonPropertyDescription(
            "Longest time to train, such as 90s, 20m or 1.5h; the best model so far is kept."
                + " Schedules are laid out for all of epochs: one that is cut short here does not"
                + " reach its end.")
        String maxTime,
    @Min(1)
        @JsonPropertyDescription(
            "Most steps, in all epochs; the epoch of the last one is evaluated. As with maxTime,"
                + " schedules are laid out for all of epochs.")
        Integer maxSteps,
    @JsonPropertyDescription("Ends the training once it no longer gets better; absent for never.")
        EarlyStopping earlyStopping,
    @JsonPropertyDescription(
            "What follows on a loss that is not finite; when absent, the training fails.")
        OnDivergence onDivergence,
    @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("When checkpoints are written and which are kept.")
        CheckpointSettings checkpoint,
    @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription(
            "Whether each epoch's metrics hold the norms of each layer's weights, gradients and"
                + " updates.")
        boolean watch,
    @Pattern(regexp = DURATION)
        @JsonProperty(defaultValue = "10m")
        @JsonPropertyDescription(
            "Longest time that a file or folder of the data may take to be read, and a batch to be"
                + " made; then the job ends with its name and exit code 3.")
        String dataTimeout) {
  /** How times are written in a file. */
  public static final String DURATION = "^[0-9]{1,6}(\\.[0-9]{1,3})?(s|m|h)$";

  public TrainingSettings {
    if (warmUpEpochs > 0 && optimizer.schedule() instanceof ScheduleSettings.OneCycle) {
      throw new IllegalArgumentException(
          "warmUpEpochs is %s, but expected 0 with the schedule one-cycle, which begins with a rise"
              .formatted(warmUpEpochs));
    }
    if (l2 > 0 && optimizer instanceof OptimizerSettings.AdamW) {
      throw new IllegalArgumentException(
          "l2 is %s, but expected 0 with the optimizer adamw, which has its weightDecay"
              .formatted(l2));
    }
  }

  TrainingSettings withSelectBy(SelectBy selection) {
    return new TrainingSettings(
        epochs,
        batchSize,
        optimizer,
        warmUpEpochs,
        l2,
        gradientClipping,
        labelSmoothing,
        weightAverage,
        selection,
        evaluateEvery,
        maxTime,
        maxSteps,
        earlyStopping,
        onDivergence,
        checkpoint,
        watch,
        dataTimeout);
  }

  /** The limit on training time, if there is one. */
  public Optional<Duration> timeLimit() {
    return Optional.ofNullable(maxTime).map(TrainingSettings::duration);
  }

  /** A time such as 90s, 20m or 1.5h, which matches {@link #DURATION}. */
  public static Duration duration(String time) {
    double number = Double.parseDouble(time.substring(0, time.length() - 1));
    double seconds =
        switch (time.charAt(time.length() - 1)) {
          case 'h' -> number * 3600;
          case 'm' -> number * 60;
          default -> number;
        };
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  /** Exactly one limit on the gradient of each layer. */
  @JsonClassDescription("Exactly one of norm and value.")
  public record GradientClipping(
      @Positive
          @JsonPropertyDescription("A layer's gradient with a larger L2 norm is scaled down to it.")
          Double norm,
      @Positive @JsonPropertyDescription("Each element of the gradient is cut to [-value, value].")
          Double value) {
    public GradientClipping {
      if ((norm == null) == (value == null)) {
        throw new IllegalArgumentException("expected exactly one of norm and value");
      }
    }
  }

  /** When a training ends because it no longer gets better. */
  @JsonClassDescription("Ends a training that no longer gets better.")
  public record EarlyStopping(
      @JsonPropertyDescription(
              "The figure of an epoch that has to get better, such as validationLoss; when absent,"
                  + " that of selectBy.")
          String metric,
      @Min(1)
          @Max(1_000_000)
          @JsonProperty(defaultValue = "5")
          @JsonPropertyDescription("Epochs without a better figure that are waited for.")
          int patience,
      @DecimalMin("0")
          @JsonProperty(defaultValue = "0")
          @JsonPropertyDescription("A figure is better if it is so by more than this.")
          double minDelta,
      @JsonProperty(defaultValue = "true")
          @JsonPropertyDescription(
              "Whether the best epoch's model is kept, as always; false keeps the last one's.")
          boolean restoreBest) {}

  /** What follows on a loss that is not finite. */
  @JsonClassDescription("What follows on a loss that is not finite.")
  public record OnDivergence(
      @JsonProperty(defaultValue = "true")
          @JsonPropertyDescription(
              "Whether to go back to the last checkpoint and on with a smaller learning rate.")
          boolean rollback,
      @DecimalMin(value = "0", inclusive = false)
          @DecimalMax(value = "1", inclusive = false)
          @JsonProperty(defaultValue = "0.5")
          @JsonPropertyDescription("What the learning rate is multiplied by each time.")
          double factor,
      @Min(1)
          @Max(1000)
          @JsonProperty(defaultValue = "2")
          @JsonPropertyDescription("How often at most.")
          int times) {}

  /** How often a training writes down all that it needs to go on, and what it keeps of that. */
  @JsonClassDescription("When checkpoints are written and which are kept.")
  public record CheckpointSettings(
      @Pattern(regexp = "^([1-9][0-9]{0,8} (epochs?|steps?)|[0-9]{1,6}(\\.[0-9]{1,3})?(s|m|h))$")
          @JsonProperty(defaultValue = "1 epoch")
          @JsonPropertyDescription(
              "From one checkpoint to the next: 1 epoch, 500 steps or 5m. One is written, too, when"
                  + " the training is asked to stop, before a better model is saved, and at the"
                  + " end.")
          String every,
      @Min(1)
          @Max(1000)
          @JsonProperty(defaultValue = "2")
          @JsonPropertyDescription("How many of the newest are kept.")
          int keepLast,
      @Min(0)
          @Max(1000)
          @JsonProperty(defaultValue = "1")
          @JsonPropertyDescription(
              "How many are kept, beside the newest, of those after the best epochs by selectBy.")
          int keepBest) {

    /** Whether one is due after an epoch. */
    public boolean afterEpoch(int epoch) {
      return every.contains("epoch") && epoch % count() == 0;
    }

    /** Whether one is due after a step. */
    public boolean afterStep(int iteration, Duration sinceTheLast) {
      if (every.contains("step")) {
        return iteration % count() == 0;
      }
      return !every.contains("epoch") && sinceTheLast.compareTo(duration(every)) >= 0;
    }

    private int count() {
      return Integer.parseInt(every.substring(0, every.indexOf(' ')));
    }
  }
}
