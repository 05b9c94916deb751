package org.descry.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.descry.job.schema.Key;

/** The loop: how long, in which batches, with which update rule. */
@JsonClassDescription("How the network is trained.")
public record TrainingSettings(
    @Key(value = "Passes over the training part.", standard = "10", range = "[1, 1000000]")
        int epochs,
    @Key(value = "Examples in one step.", standard = "100", range = "[1, 1000000]") int batchSize,
    @Key(value = "The update rule.", standard = "{type: adam}") OptimizerSettings optimizer,
    @Key(
            value =
                "Epochs, or a part of one, over which the learning rate rises in a straight line to"
                    + " what its schedule says. A schedule that changes the rate meanwhile scales"
                    + " what is left of the rise.",
            standard = "0",
            range = "[0, inf)")
        double warmUpEpochs,
    @Key(
            value =
                "Strength of the L2 penalty on weights (not biases): l2/2 times the sum of squares."
                    + " It is in trainLoss and in no other figure.",
            standard = "0",
            range = "[0, inf)")
        double l2,
    @Key("Limits on the gradient; none when absent.") GradientClipping gradientClipping,
    @Key(
            value =
                "Share of a label's probability that training spreads evenly over all classes; for"
                    + " a classifier with the softmax loss. trainLoss is that of the smoothed"
                    + " labels; validationLoss and testLoss are those of the true ones.",
            standard = "0",
            range = "[0, 1)")
        double labelSmoothing,
    @Key(
            value =
                "Whether an epoch shows as many images of each class: those of small classes"
                    + " several times, of large ones a part; for a classifier.",
            standard = "false")
        boolean balanceClasses,
    @Key(
            value =
                "What the loss of an image is multiplied by, by the name of its class, such as"
                    + " {cat: 2}: a number above 0, 1 for classes without one; for a classifier of"
                    + " images. It is in trainLoss and in no other figure.",
            standard = "{}")
        Map<String, Double> classWeights,
    @Key(
            value =
                "What the learning rate of biases and of batch norms' scales and shifts is"
                    + " multiplied by.",
            standard = "1",
            range = "(0, inf)")
        double biasRate,
    @Key(
            value =
                "Decay of an exponential moving average of the weights, such as 0.999, which is"
                    + " evaluated and saved in their place; 0 for none. trainLoss is that of the"
                    + " weights themselves, all other figures are those of the average.",
            standard = "0",
            range = "[0, 1)")
        double weightAverage,
    @Key("Draws the weights back to slow ones every few steps (lookahead); absent for never.")
        LookaheadSettings lookahead,
    @Key(
            "What the best epoch is chosen by, on the validation part. When absent: a classifier's"
                + " accuracy, of images or sequences, a captioner's bleu4, a language model's"
                + " loss.")
        SelectBy selectBy,
    @Key(
            value =
                "Epochs from one evaluation on the validation part to the next. The last epoch is"
                    + " always evaluated, that of maxTime too; the best model is one of those that"
                    + " were.",
            standard = "1",
            range = "[1, 1000000]")
        int evaluateEvery,
    @Key(
            value =
                "Longest time to train, such as 90s, 20m or 1.5h; the best model so far is kept."
                    + " Schedules are laid out for all of epochs: one that is cut short here does"
                    + " not reach its end.",
            pattern = DURATION)
        String maxTime,
    @Key(
            value =
                "Most steps, in all epochs; the epoch of the last one is evaluated. As with"
                    + " maxTime, schedules are laid out for all of epochs.",
            range = "[1, inf)")
        Integer maxSteps,
    @Key("Ends the training once it no longer gets better; absent for never.")
        EarlyStopping earlyStopping,
    @Key(
            "What follows on a loss that is not finite, or that has exploded: when absent, the"
                + " training fails on either.")
        OnDivergence onDivergence,
    @Key(
            value =
                "What the matrix products and convolutions of a training step round their factors"
                    + " to. With bfloat16 they still add up in float32, and parameters, losses,"
                    + " statistics and updates are float32, as is every evaluation; it needs a"
                    + " processor with amx_bf16.",
            standard = "float32")
        Precision precision,
    @Key(
            value =
                "Into how many shards a batch is divided, each of them done by one thread, or on a"
                    + " cluster by a process. Gradients are added shard after shard: as many shards"
                    + " give the same bits wherever they are done. Batches with fewer examples than"
                    + " shards are done whole; dropout draws a mask for each shard. 1 leaves a"
                    + " batch whole, or to two threads where halves are faster.",
            standard = "1",
            range = "[1, 1024]")
        int split,
    @Key(
            value =
                "What batch norm takes its statistics over in training where a batch is split: all"
                    + " of it, or each shard by itself, which needs no exchange in the middle of a"
                    + " pass and 2 examples a shard.",
            standard = "batch")
        BatchNormOver batchNormOver,
    @Key(
            value =
                "What a batch's shards round their gradients to before they are added, and the sum"
                    + " to: bfloat16 is half of what has to be sent on a cluster. One machine that"
                    + " splits its batches does the same.",
            standard = "float32")
        Precision gradients,
    @Key(
            value =
                "Steps that each shard makes by itself, with parameters and an updater of its own,"
                    + " before all go on from the mean of theirs (local SGD), which the end of an"
                    + " epoch brings about, too; for slow networks. 1 adds up the gradients of"
                    + " every step. Above 1, batchNormOver is shard, and checkpoints and stops wait"
                    + " for the next mean.",
            standard = "1",
            range = "[1, 1000000]")
        int averageEvery,
    @Key(value = "When checkpoints are written and which are kept.", standard = "{}")
        CheckpointSettings checkpoint,
    @Key(
            value =
                "Whether each epoch's metrics hold the norms of each layer's weights, gradients and"
                    + " updates.",
            standard = "false")
        boolean watch,
    @Key(
            value =
                "Longest time that a file or folder of the data may take to be read, and a batch to"
                    + " be made; then the job ends with its name and exit code 3.",
            standard = "10m",
            pattern = DURATION)
        String dataTimeout) {
  /** How times are written in a file. */
  public static final String DURATION = "^[0-9]{1,6}(\\.[0-9]{1,3})?(s|m|h)$";

  public TrainingSettings {
    classWeights =
        Collections.unmodifiableMap(
            classWeights == null ? new TreeMap<>() : new TreeMap<>(classWeights));
    classWeights.forEach(
        (name, weight) -> {
          if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                "classWeights.%s is %s, but expected a number above 0".formatted(name, weight));
          }
        });
    if (lookahead != null && weightAverage > 0) {
      throw new IllegalArgumentException(
          "weightAverage is %s, but expected 0 with lookahead, whose slow weights are evaluated and saved"
              .formatted(weightAverage));
    }
    if (warmUpEpochs > 0 && optimizer.schedule() instanceof ScheduleSettings.OneCycle) {
      throw new IllegalArgumentException(
          "warmUpEpochs is %s, but expected 0 with the schedule one-cycle, which begins with a rise"
              .formatted(warmUpEpochs));
    }
    boolean changes = onDivergence != null || optimizer.schedule().followsMetrics();
    if (biasRate != 1 && changes) {
      throw new IllegalArgumentException(
          "biasRate is %s, but expected 1 where the rate is changed after an epoch (the schedules plateau and halving, onDivergence)"
              .formatted(biasRate));
    }
    String slow = lookahead != null ? "lookahead" : weightAverage > 0 ? "weightAverage" : null;
    new Sharing(split, batchNormOver, gradients, averageEvery).check(batchSize, slow, changes);
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
        balanceClasses,
        classWeights,
        biasRate,
        weightAverage,
        lookahead,
        selection,
        evaluateEvery,
        maxTime,
        maxSteps,
        earlyStopping,
        onDivergence,
        precision,
        split,
        batchNormOver,
        gradients,
        averageEvery,
        checkpoint,
        watch,
        dataTimeout);
  }

  /** The limit on training time, if there is one. */
  public Optional<Duration> timeLimit() {
    return Optional.ofNullable(maxTime).map(TrainingSettings::duration);
  }

  /** How many times the first step's loss is an explosion; 0 for never. */
  public double explosion() {
    return onDivergence == null ? OnDivergence.EXPLOSION : onDivergence.explosion();
  }

  /** Whether a divergence sends the training back to a checkpoint. */
  public boolean goesBack() {
    return onDivergence != null && onDivergence.rollback();
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

  /** To how many bits products round what they multiply. */
  public enum Precision {
    /** 24 bits. */
    FLOAT32,
    /** 8 bits, with sums in float32. */
    BFLOAT16
  }

  /** What statistics of a batch that is split are taken over. */
  public enum BatchNormOver {
    /** All shards together. */
    BATCH,
    /** Each shard by itself. */
    SHARD
  }
}
