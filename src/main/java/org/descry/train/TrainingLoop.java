package org.descry.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.descry.model.LearningRates;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Epoch after epoch: fit every batch, evaluate if it is time to, write the metrics, keep the best
 * model. Ends after the last epoch, when the time is over, both with an evaluation, or when asked
 * to; throws as soon as a loss is not finite, so that the model of an earlier epoch stays the best.
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
    boolean over = false;
    for (int epoch = 1; epoch <= epochs && !over; epoch++) {
      Seeding.reseed(
          Nd4j.getRandom(), new SplittableRandom(seed ^ ((long) epoch << 32)).nextLong());
      batches.start(Batches.Position.startOf(epoch - 1));
      Pass pass = fit(task.network(), batches, epoch, events);
      if (events.stopped.getAsBoolean()) {
        break;
      }
      task.network().incrementEpochCount();
      over = epoch == epochs || outOfTime();
      EpochMetrics metrics = pass.metrics(epoch, task.network().getIterationCount(), seconds());
      boolean better = false;
      if (over || epoch % settings.evaluateEvery() == 0) {
        try (WeightAverage.Scope scope = average == null ? () -> {} : average.in(task.network())) {
          metrics = measure(task, pass, metrics);
          better = metrics.betterThan(best, selection(task));
          if (better) {
            best = metrics;
            events.saver.save(metrics);
          }
        }
        over |= outOfTime();
      }
      done.add(metrics);
      events.folder.append(RunFolder.METRICS, Json.line(metrics));
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

  private EpochMetrics measure(Task task, Pass pass, EpochMetrics trained) {
    Task.Validation held = task.validate();
    requireFiniteParameters(task.network(), trained.epoch(), pass.steps);
    return new EpochMetrics(
        trained.epoch(),
        trained.iteration(),
        trained.learningRate(),
        trained.trainLoss(),
        requireFinite(held.loss(), trained.epoch(), pass.steps),
        held.scores(),
        trained.examplesPerSecond(),
        seconds());
  }

  /**
   * An epoch's steps.
   *
   * @param learningRate of the last one
   */
  private record Pass(int steps, double learningRate, double meanLoss, double examplesPerSecond) {
    /** What is known without an evaluation. */
    EpochMetrics metrics(int epoch, int iteration, double seconds) {
      return new EpochMetrics(
          epoch,
          iteration,
          Double.isNaN(learningRate) ? null : Double.valueOf(learningRate),
          meanLoss,
          null,
          Map.of(),
          examplesPerSecond,
          seconds);
    }
  }

  /** One epoch's steps, fewer when the time is over. */
  private Pass fit(ComputationGraph network, Batches batches, int epoch, Events events) {
    long begun = System.nanoTime();
    double lossSum = 0;
    long examples = 0;
    int steps = 0;
    while (batches.hasNext() && !events.stopped.getAsBoolean() && !(steps > 0 && outOfTime())) {
      Step step = batches.fitNext(network);
      steps++;
      lossSum += requireFinite(step.loss(), epoch, steps) * step.examples();
      examples += step.examples();
      double rate = examples * NANOS / (System.nanoTime() - begun);
      events.progress.step(epoch, steps, lossSum / examples, rate);
    }
    return new Pass(
        steps,
        LearningRates.at(network, network.getIterationCount() - 1, network.getEpochCount()),
        requireFinite(lossSum / Math.max(1, examples), epoch, steps),
        examples * NANOS / (System.nanoTime() - begun));
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
        "%s in epoch %s, step %s: training has diverged; expected a smaller"
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
