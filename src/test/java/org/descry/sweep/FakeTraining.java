package org.descry.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.descry.job.Job;
import org.descry.job.LanguageSettings;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.trial.Trial;
import org.descry.sweep.worker.TrialJob;
import org.descry.sweep.worker.TrialRunner;

/** Sweeps whose trainings take no time: a job's score is a function of its settings. */
final class FakeTraining {
  /** What has been trained, in the order of beginning. */
  final List<TrialJob> trained = Collections.synchronizedList(new ArrayList<>());

  /** What is done while each is trained. */
  Runnable during = () -> {};

  private final class Trainer implements TrialRunner {
    private final Predicate<TrialJob> fails;

    private final Predicate<TrialJob> dies;

    private final List<String> metrics;

    Trainer(Predicate<TrialJob> fails, Predicate<TrialJob> dies, List<String> metrics) {
      this.metrics = metrics;
      this.fails = fails;
      this.dies = dies;
    }

    @Override
    public Optional<Trial> run(TrialJob trial, Watch watch) {
      trained.add(trial);
      during.run();
      if (fails.test(trial)) {
        return Optional.of(trial.failed(0.1, "It has diverged."));
      }
      if (dies.test(trial)) {
        return Optional.of(trial.died(0.1, "Its process was killed."));
      }
      try {
        Thread.sleep(Math.floorMod(trial.candidate() * 7, 5)); // finish in an order of their own
        Files.createDirectories(trial.folder());
        Files.writeString(trial.folder().resolve("model.zip"), trial.job().name());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Optional.of(train(trial, metrics, watch));
    }

    @Override
    public void close() {}
  }

  /** Losses come down to the score, for some more slowly than for others. */
  private static Trial train(TrialJob trial, List<String> metrics, TrialRunner.Watch watch) {
    int all = trial.job().training().epochs();
    AtomicBoolean stopped = new AtomicBoolean();
    watch.begin(() -> stopped.set(true));
    List<EpochMetrics> epochs = new ArrayList<>();
    for (int epoch = 1; epoch <= all; epoch++) {
      double loss = score(trial.job()) + (all - epoch) * 0.01 * Math.floorMod(trial.candidate(), 7);
      epochs.add(
          new EpochMetrics(
              epoch, epoch, 0.1, loss, loss, Map.of(), 0, 1 + epoch * size(trial.job())));
      watch.epoch(epochs.get(epoch - 1));
      if (epoch < all && (stopped.get() || epoch == trial.until())) {
        return trial.pruned(0.1, epochs, "validationLoss");
      }
    }
    Map<String, Double> measures = new LinkedHashMap<>();
    metrics.stream().skip(1).forEach(metric -> measures.put(metric, size(trial.job())));
    return trial.succeeded(score(trial.job()), measures, 0.1, epochs);
  }

  /** Smaller for worse models. */
  static double size(Job job) {
    return 20 - 5 * score(job) + ((LanguageSettings) job.model()).hidden();
  }

  private static double score(Job job) {
    return Math.abs(Math.log10(job.training().optimizer().learningRate()) + 1)
        + ((LanguageSettings) job.model()).hidden() / 100.0
        + Math.floorMod(job.seed(), 10) / 1000.0;
  }

  /** A sweep, in which the trainings fail that the test says. */
  Sweep sweep(
      SweepPlan plan, Sweep.Options options, SweepProgress progress, Predicate<TrialJob> fails) {
    return new Sweep(
        plan,
        options,
        progress,
        (workers, threads, retries, metrics) -> new Trainer(fails, trial -> false, metrics));
  }

  /** A sweep in which the processes of some trainings die. */
  Sweep dying(SweepPlan plan, Sweep.Options options, Predicate<TrialJob> dies) {
    return new Sweep(
        plan,
        options,
        SweepProgress.NONE,
        (workers, threads, retries, metrics) -> new Trainer(trial -> false, dies, metrics));
  }

  Sweep sweep(SweepPlan plan, Sweep.Options options, Predicate<TrialJob> fails) {
    return sweep(plan, options, SweepProgress.NONE, fails);
  }

  SweepResults run(SweepPlan plan, int workers) {
    return sweep(plan, new Sweep.Options(workers, false, false), trial -> false).run();
  }

  SweepResults resume(SweepPlan plan) {
    return sweep(plan, new Sweep.Options(null, true, false), trial -> false).run();
  }

  static List<String> ranking(SweepResults results) {
    return results.ranked().stream()
        .map(c -> c.number() + " " + c.settings() + " " + c.score() + " " + c.spread())
        .toList();
  }
}
