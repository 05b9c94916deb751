package org.descry.train;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;

/** Is told how a training job goes; called on the training thread. */
public interface TrainingProgress {
  /** Hears nothing. */
  TrainingProgress NONE = new TrainingProgress() {};

  /**
   * What is about to be trained.
   *
   * @param parameters of the network
   * @param examples in the training part
   * @param noun what the examples are called, such as {@code images}
   * @param epochs how many there will be at most
   * @param stepsPerEpoch batches in one
   * @param selection what the best epoch is chosen by
   * @param network what it is made of, in lines; null where that is not to be told
   */
  record Plan(
      long parameters,
      int examples,
      String noun,
      int epochs,
      int stepsPerEpoch,
      Metric selection,
      @JsonIgnore String network) {
    /** Of a network that nothing is told of. */
    public Plan(
        long parameters,
        int examples,
        String noun,
        int epochs,
        int stepsPerEpoch,
        Metric selection) {
      this(parameters, examples, noun, epochs, stepsPerEpoch, selection, null);
    }
  }

  /** Tells both. */
  default TrainingProgress and(TrainingProgress other) {
    TrainingProgress one = this;
    return new TrainingProgress() {
      @Override
      public void started(Plan plan) {
        one.started(plan);
        other.started(plan);
      }

      @Override
      public void goesOn(int epoch, int step) {
        one.goesOn(epoch, step);
        other.goesOn(epoch, step);
      }

      @Override
      public void note(String sentence) {
        one.note(sentence);
        other.note(sentence);
      }

      @Override
      public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
        one.step(epoch, step, meanLoss, examplesPerSecond);
        other.step(epoch, step, meanLoss, examplesPerSecond);
      }

      @Override
      public void epoch(EpochMetrics metrics, boolean best) {
        one.epoch(metrics, best);
        other.epoch(metrics, best);
      }
    };
  }

  /** The data is read and the network built. */
  default void started(Plan plan) {}

  /**
   * It goes on, or back, to where it was earlier.
   *
   * @param epoch 1 for the first
   * @param step number of this epoch's steps that were done by then
   */
  default void goesOn(int epoch, int step) {}

  /** Something that the user should know, in a sentence. */
  default void note(String sentence) {}

  /**
   * A step is done.
   *
   * @param epoch 1 for the first
   * @param step of this epoch, 1 for the first
   * @param meanLoss of this epoch's steps so far
   * @param examplesPerSecond of this epoch so far
   */
  default void step(int epoch, int step, double meanLoss, double examplesPerSecond) {}

  /** An epoch is done and evaluated. */
  default void epoch(EpochMetrics metrics, boolean best) {}
}
