package org.descry.train.events;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.descry.metrics.EpochMetrics;
import org.descry.train.TrainingProgress;

/** Tells Java's flight recorder of steps and epochs, where one is on. */
public final class FlightEvents implements TrainingProgress {
  @Name("org.descry.Step")
  @Label("Training step")
  @Category("Descry")
  @StackTrace(false)
  private static final class Step extends Event {
    @Label("Epoch")
    int epoch;

    @Label("Step")
    int step;

    @Label("Mean loss")
    @Description("Of the epoch's steps so far")
    double meanLoss;

    @Label("Examples a second")
    double examplesPerSecond;
  }

  @Name("org.descry.Epoch")
  @Label("Training epoch")
  @Category("Descry")
  @StackTrace(false)
  private static final class Epoch extends Event {
    @Label("Epoch")
    int epoch;

    @Label("Training loss")
    double trainLoss;

    @Label("Validation loss")
    @Description("Not a number after an epoch without an evaluation")
    double validationLoss;

    @Label("Examples a second")
    double examplesPerSecond;

    @Label("Best")
    boolean best;
  }

  @Override
  public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
    if (FlightRecorder.isInitialized()) { // else its classes are not even loaded
      Step event = new Step();
      event.epoch = epoch;
      event.step = step;
      event.meanLoss = meanLoss;
      event.examplesPerSecond = examplesPerSecond;
      event.commit();
    }
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    if (FlightRecorder.isInitialized()) {
      Epoch event = new Epoch();
      event.epoch = metrics.epoch();
      event.trainLoss = metrics.trainLoss();
      event.validationLoss = metrics.evaluated() ? metrics.validationLoss() : Double.NaN;
      event.examplesPerSecond = metrics.examplesPerSecond();
      event.best = best;
      event.commit();
    }
  }
}
