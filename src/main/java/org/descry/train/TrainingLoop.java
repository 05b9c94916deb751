package org.descry.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.train.job.TrainingSettings;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Epoch after epoch: fit every batch, evaluate, write the metrics, keep the best model. Ends after
 * the last epoch, when the time is over, or when asked to; throws as soon as a loss is not finite,
 * so that the model of an earlier epoch stays the best.
 */
final class TrainingLoop {
  private static final double NANOS = 1e9;

  private final TrainingSettings settings;
  private final long seed;
  private final int epochs;
  private final long started = System.nanoTime();

  /**
   * @param seed of ND4J's generator, set anew for each epoch, so that an epoch does not depend on
   *     how many random numbers the earlier ones drew
   * @param atMost a limit on epochs beside the settings'
   */
  TrainingLoop(TrainingSettings settings, long seed, int atMost) {
    this.settings = settings;
    this.seed = seed;
    this.epochs = Math.min(settings.epochs(), atMost);
  }

  /** Saves the network as it is after an epoch. */
  interface Saver {
    void save(EpochMetrics metrics);
  }

  /** Whom the loop tells, and who may end it. */
  record Events(
      RunFolder folder, Saver saver, TrainingProgress progress, BooleanSupplier stopped) {}

  /**
   * @param best null if no epoch was finished
   */
  record Result(List<EpochMetrics> epochs, EpochMetrics best, boolean outOfTime, double seconds) {}

  int epochs() {
    return epochs;
  }

  Result run(Task task, Events events) {
    try (Batches batches = task.batches()) {
      ComputationGraph network = task.network();
      events.progress.started(
          new TrainingProgress.Plan(
              network.numParams(),
              task.sizes().get("train"),
              task.examples(),
              epochs,
              batches.count(),
              settings.selectBy()));
      return run(task, batches, events);
    }
  }

  private Result run(Task task, Batches batches, Events events) {
    List<EpochMetrics> done = new ArrayList<>();
    EpochMetrics best = null;
    for (int epoch = 1; epoch <= epochs && (done.isEmpty() || !outOfTime()); epoch++) {
      Nd4j.getRandom().setSeed(new SplittableRandom(seed ^ ((long) epoch << 32)).nextLong());
      batches.start(epoch - 1);
      Pass pass = fit(task.network(), batches, epoch, events);
      if (events.stopped.getAsBoolean()) {
        break;
      }
      task.network().incrementEpochCount();
      Task.Evaluation held = task.evaluate();
      EpochMetrics metrics =
          new EpochMetrics(
              epoch,
              task.network().getIterationCount(),
              requireFinite(pass.meanLoss, epoch, pass.steps),
              requireFinite(held.validationLoss(), epoch, pass.steps),
              held.scores(),
              pass.examplesPerSecond,
              seconds());
      done.add(metrics);
      events.folder.append(RunFolder.METRICS, Json.line(metrics));
      boolean better = metrics.betterThan(best, settings.selectBy());
      if (better) {
        best = metrics;
        events.saver.save(metrics);
      }
      events.progress.epoch(metrics, better);
    }
    return new Result(List.copyOf(done), best, done.size() < epochs, seconds());
  }

  private record Pass(int steps, double meanLoss, double examplesPerSecond) {}

  /** One epoch's steps, fewer when the time is over. */
  private Pass fit(ComputationGraph network, Batches batches, int epoch, Events events) {
    long begun = System.nanoTime();
    double lossSum = 0;
    long examples = 0;
    int steps = 0;
    while (batches.hasNext() && !events.stopped.getAsBoolean() && !(steps > 0 && outOfTime())) {
      int size = batches.fitNext(network);
      steps++;
      // DL4J computes the score in the step itself; to read it costs nothing.
      lossSum += requireFinite(network.score(), epoch, steps) * size;
      examples += size;
      double rate = examples * NANOS / (System.nanoTime() - begun);
      events.progress.step(epoch, steps, lossSum / examples, rate);
    }
    return new Pass(
        steps, lossSum / Math.max(1, examples), examples * NANOS / (System.nanoTime() - begun));
  }

  private double requireFinite(double loss, int epoch, int step) {
    if (!Double.isFinite(loss)) {
      throw new DescryException(
          "The loss is %s in epoch %d, step %d: training has diverged; expected a smaller"
                  .formatted(loss, epoch, step)
              + " training.optimizer.learningRate than %s (or training.gradientClipping)."
                  .formatted(settings.optimizer().learningRate()));
    }
    return loss;
  }

  private boolean outOfTime() {
    return settings.timeLimit().map(limit -> elapsed().compareTo(limit) >= 0).orElse(false);
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private double seconds() {
    return Math.round((System.nanoTime() - started) / 1e6) / 1e3;
  }
}
