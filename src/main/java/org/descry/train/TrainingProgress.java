package org.descry.train;

/** Is told how a training job goes; called on the training thread. */
public interface TrainingProgress {
  /** Hears nothing. */
  TrainingProgress NONE = new TrainingProgress() {};

  /**
   * The data is read and the network built.
   *
   * @param epochs how many there will be at most
   * @param stepsPerEpoch batches in one
   */
  default void started(long parameters, int examples, int epochs, int stepsPerEpoch) {}

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
