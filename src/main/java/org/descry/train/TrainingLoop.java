package org.descry.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DivergedException;
import org.descry.engine.Seeding;
import org.descry.io.Json;
import org.descry.job.TrainingSettings;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
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
              network.params().length(),
              task.sizes().get("train"),
              task.examples(),
              epochs,
              batches.count(),
              selection(task)));
      return run(task, batches, events);
    }
  }

  private Result run(Task task, Batches batches, Events events) {
    List<EpochMetrics> done = new ArrayList<>();
    EpochMetrics best = null;
    LearningRate learningRate =
        new LearningRate(settings.optimizer(), Networks.warmUpSteps(settings, batches.count()));
    Networks.startUpdater(task.network(), settings.optimizer());
    WeightAverage average = null;
    if (settings.weightAverage() > 0) {
      average = new WeightAverage(task.network(), settings.weightAverage());
      task.network().addListeners(average);
    }
    for (int epoch = 1; epoch <= epochs && (done.isEmpty() || !outOfTime()); epoch++) {
      Seeding.reseed(
          Nd4j.getRandom(), new SplittableRandom(seed ^ ((long) epoch << 32)).nextLong());
      batches.start(epoch - 1);
      Pass pass = fit(task.network(), batches, epoch, events);
      if (events.stopped.getAsBoolean()) {
        break;
      }
      task.network().incrementEpochCount();
      EpochMetrics metrics;
      boolean better;
      try (WeightAverage.Scope scope = average == null ? () -> {} : average.in(task.network())) {
        metrics = measure(task, pass, epoch);
        done.add(metrics);
        events.folder.append(RunFolder.METRICS, Json.line(metrics));
        better = metrics.betterThan(best, selection(task));
        if (better) {
          best = metrics;
          events.saver.save(metrics);
        }
      }
      learningRate.afterEpoch(metrics, task.network());
      events.progress.epoch(metrics, better);
    }
    return new Result(List.copyOf(done), best, done.size() < epochs, seconds());
  }

  /** What the best epoch is chosen by. */
  private Metric selection(Task task) {
    return Metric.named(
        settings.selectBy().metric(),
        Stream.concat(task.metrics().stream(), EpochMetrics.LOSSES.stream()).toList());
  }

  private EpochMetrics measure(Task task, Pass pass, int epoch) {
    Task.Validation held = task.validate();
    requireFiniteParameters(task.network(), epoch, pass.steps);
    return new EpochMetrics(
        epoch,
        task.network().getIterationCount(),
        requireFinite(pass.meanLoss, epoch, pass.steps),
        requireFinite(held.loss(), epoch, pass.steps),
        held.scores(),
        pass.examplesPerSecond,
        seconds());
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
      lossSum += requireFinite(batches.loss(network), epoch, steps) * size;
      examples += size;
      double rate = examples * NANOS / (System.nanoTime() - begun);
      events.progress.step(epoch, steps, lossSum / examples, rate);
    }
    return new Pass(
        steps, lossSum / Math.max(1, examples), examples * NANOS / (System.nanoTime() - begun));
  }

  private double requireFinite(double loss, int epoch, int step) {
    if (!Double.isFinite(loss)) {
      throw diverged("The loss is " + loss, epoch, step);
    }
    return loss;
  }

  /** A rectifier or a maximum hides NaN in the layers below it from the loss. */
  private void requireFiniteParameters(ComputationGraph network, int epoch, int step) {
    double sum = network.params().sumNumber().doubleValue();
    if (!Double.isFinite(sum)) {
      throw diverged("The sum of the parameters is " + sum, epoch, step);
    }
  }

  private DivergedException diverged(String what, int epoch, int step) {
    return new DivergedException(
        "%s in epoch %d, step %d: training has diverged; expected a smaller"
                .formatted(what, epoch, step)
            + " training.optimizer.learningRate than %s (or training.gradientClipping)."
                .formatted(settings.optimizer().learningRate()));
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
