package org.descry.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DivergedException;
import org.descry.engine.Seeding;
import org.descry.job.TrainingSettings;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.model.LearningRates;
import org.descry.replay.Group;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.Origin;
import org.descry.train.layers.NetworkDescription;
import org.descry.train.step.Accord;
import org.descry.train.step.Batches;
import org.descry.train.step.Divergence;
import org.descry.train.step.SlowWeights;
import org.descry.train.step.Step;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Epoch after epoch: fit every batch, evaluate if it is time to, write the metrics, keep the best
 * model. Ends as {@link Ending} says, with an evaluation, or when asked to; throws as soon as a
 * loss is not finite, so that the model of an earlier epoch stays the best.
 *
 * <p>A better model is saved after the checkpoint that knows of it: whenever the program is killed,
 * the newest checkpoint is at least as new as the model.
 */
final class TrainingLoop {
  private static final double NANOS = 1e9;

  private final TrainingSettings settings;
  private final long seed;
  private final Task task;
  private final Events events;
  private final ComputationGraph network;
  private final Batches batches;
  private final Metric selection;
  private final Ending ending;
  private final Learner learner;
  private final Divergence divergence;
  private final Keeping keeping;
  private final Stopwatch time = new Stopwatch();
  private final Course course = new Course();
  private final Accord accord;

  /**
   * Whom the loop tells, and who may end it.
   *
   * @param origin what checkpoints say that the training was begun with
   */
  record Events(RunJournal journal, TrainingProgress progress, StopSignal stop, Origin origin) {}

  /**
   * @param best null if no epoch was finished
   * @param ended why; null if it was asked to
   */
  record Result(
      List<EpochMetrics> epochs,
      EpochMetrics best,
      String ended,
      double seconds,
      Summary.Spent spent,
      int batchParts) {}

  /**
   * @param seed of ND4J's generator, set anew for each epoch, so that an epoch does not depend on
   *     how many random numbers the earlier ones drew
   * @param epochs most of them
   * @param batches the task's
   */
  TrainingLoop(
      TrainingSettings settings, long seed, int epochs, Task task, Batches batches, Events events) {
    this.settings = settings;
    this.seed = seed;
    this.task = task;
    this.batches = batches;
    this.events = events;
    network = task.network();
    List<Metric> known = task.known();
    selection = Metric.named(settings.selectBy().metric(), known);
    ending = Ending.of(settings, epochs, known, selection);
    accord = new Accord(Group.current(), time::seconds);
    learner = new Learner(network, settings, batches.count());
    divergence = new Divergence(network, batches, settings);
    keeping =
        new Keeping(
            settings.checkpoint(),
            network,
            learner,
            divergence,
            time,
            events.journal,
            events.origin,
            selection);
  }

  /**
   * @param from what to go on from; null to begin
   */
  Result run(Checkpoint from) {
    try (keeping) { // whatever happens, what is being written is written to its end
      return train(from);
    }
  }

  private Result train(Checkpoint from) {
    events.progress.started(
        new TrainingProgress.Plan(
            network.params().length(),
            task.data().train(),
            task.data().examples(),
            ending.epochs(),
            batches.count(),
            selection,
            NetworkDescription.text(network, task.manifest(null), settings).orElse(null)));
    if (from != null) {
      restore(from);
      time.goOnAfter(from.state().seconds());
      accord.agree(false, false);
      if (from.state().endsWithBest() && !events.journal.hasModel(course.best())) {
        keeping.model(course.best()); // it may have been killed in between
      }
    } else if (settings.goesBack()) {
      keeping.checkpoint(course, course.position, false); // first steps go wrong, too
    }
    Optional<String> ended = Optional.empty();
    while (!events.stop.asked() && (ended = ended()).isEmpty()) {
      try {
        epoch();
      } catch (DivergedException e) {
        rollBack(e);
      }
    }
    if (ended.isEmpty() && !keeping.upToDate()) {
      keeping.checkpoint(course, course.position, true); // asked to stop between two steps
    }
    return new Result(
        List.copyOf(course.done()),
        course.best(),
        ended.orElse(null),
        time.seconds(),
        time.spent(batches),
        batches.parts());
  }

  /** Whatever the limits, there is a model in the end. */
  private Optional<String> ended() {
    return course.position.step() == 0 && course.best() != null
        ? ending.after(course.done(), network.getIterationCount(), accord.seconds())
        : Optional.empty();
  }

  /** One epoch, or what is left of it; leaves a checkpoint if it is asked to stop. */
  private void epoch() {
    int epoch = course.position.epoch() + 1;
    Seeding.reseed(Nd4j.getRandom(), new SplittableRandom(seed ^ ((long) epoch << 32)).nextLong());
    batches.start(course.position);
    network.getListeners().forEach(listener -> listener.onEpochStart(network));
    double examplesPerSecond = fit(epoch);
    EpochMetrics metrics = metrics(epoch, examplesPerSecond);
    boolean last = limit(epoch);
    if (!events.stop.asked() && (last || epoch % settings.evaluateEvery() == 0)) {
      metrics = measured(metrics).orElse(null);
    }
    if (events.stop.asked()) {
      keeping.checkpoint(course, course.position, true);
      return;
    }
    network.getListeners().forEach(listener -> listener.onEpochEnd(network));
    network.incrementEpochCount();
    boolean better = metrics.evaluated() && metrics.betterThan(course.best(), selection);
    learner.rate().afterEpoch(metrics, network);
    course.finish(metrics);
    learner.watch(course.pass);
    keep(metrics, better);
    events.journal.add(metrics);
    events.progress.epoch(metrics, better);
  }

  /** A better model, or whatever is the last if the job says so; its checkpoint comes first. */
  private void keep(EpochMetrics metrics, boolean better) {
    Optional<String> ended = ended();
    boolean keep = better || metrics.evaluated() && ended.isPresent() && ending.keepsLast();
    if (keep) {
      course.keepLast();
    }
    if (keep || ended.isPresent() || keeping.dueAfter(metrics.epoch())) {
      keeping.checkpoint(course, course.position, keep || ended.isPresent());
    }
    if (keep) {
      keeping.model(metrics);
    }
  }

  /** Empty if the evaluation was broken off. */
  private Optional<EpochMetrics> measured(EpochMetrics trained) {
    long start = System.nanoTime();
    try (SlowWeights.Scope scope = learner.slowly()) {
      return events.stop.attempt(task::validate).map(held -> with(held, trained));
    } finally {
      time.evaluated(start);
    }
  }

  private EpochMetrics with(Task.Validation held, EpochMetrics trained) {
    divergence.requireFiniteParameters(trained.epoch());
    double loss = divergence.requireFinite(held.loss(), trained.epoch());
    return trained.evaluated(loss, held.scores(), time.seconds());
  }

  /** What is known without an evaluation. */
  private EpochMetrics metrics(int epoch, double examplesPerSecond) {
    int iteration = network.getIterationCount();
    double rate = LearningRates.at(network, iteration - 1, network.getEpochCount());
    return new EpochMetrics(
        epoch,
        iteration,
        Double.isNaN(rate) ? null : Double.valueOf(rate),
        divergence.requireFinite(course.pass.meanLoss(), epoch),
        null,
        Map.of(),
        examplesPerSecond,
        time.seconds(),
        learner.layers());
  }

  /**
   * The steps that are left of an epoch, fewer when the time is over.
   *
   * @return examples a second
   */
  private double fit(int epoch) {
    long begun = System.nanoTime();
    long before = course.pass.examples();
    double rate = 0;
    boolean due = false;
    while (batches.hasNext() && !(events.stop.asked() && batches.together()) && !cut()) {
      long start = System.nanoTime();
      Step step = batches.fitNext(network);
      time.fitted(start);
      course.begin(step.loss());
      divergence.requireSane(step.loss(), course.firstLoss(), epoch);
      course.pass = course.pass.plus(step.examples(), step.loss());
      rate = (course.pass.examples() - before) * NANOS / (System.nanoTime() - begun);
      events.progress.step(epoch, batches.step(), course.pass.meanLoss(), rate);
      due |= accord.agree(keeping.due(), true);
      if (accord.stops()) {
        events.stop.ask();
      }
      if (batches.hasNext() && due && batches.together()) {
        keeping.checkpoint(course, batches.position(), false);
        due = false;
      }
    }
    batches.gather();
    course.position = batches.position();
    return rate;
  }

  private boolean cut() {
    return batches.step() > 0 && limit(course.done().size());
  }

  private boolean limit(int epochs) {
    return ending.limit(epochs, network.getIterationCount(), accord.seconds()).isPresent();
  }

  private void restore(Checkpoint from) {
    keeping.restore(from, course);
    if (!batches.holds(course.position)) {
      throw Learner.unfit(from.state(), "a step of its epochs, and the state before that");
    }
    events.progress.goesOn(course.position.epoch() + 1, course.position.step());
  }

  private void rollBack(DivergedException reason) {
    Checkpoint from = keeping.proven(reason, settings.onDivergence(), course.rollbacks());
    int times = course.rollbacks() + 1;
    restore(from);
    double factor = settings.onDivergence().factor();
    learner.rate().scale(Math.pow(factor, times - course.rollbacks()), network);
    course.rolledBack(times);
    events.progress.note(
        "%s It goes back to epoch %s, step %s, with a learning rate of %s."
            .formatted(
                reason.getMessage(),
                course.position.epoch() + 1,
                course.position.step() + 1,
                learner.rate().rate()));
  }
}
