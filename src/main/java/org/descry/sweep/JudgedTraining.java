package org.descry.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.arbiter.MedianRule;
import org.descry.sweep.trial.Trial;
import org.descry.sweep.worker.TrialJob;
import org.descry.sweep.worker.TrialRunner;
import org.descry.train.folder.FinishedRun;

/** A training under the median rule: what comes after the epoch at which it ends does not count. */
final class JudgedTraining implements TrialRunner.Watch {
  private final TrialJob job;
  private final MedianRule rule;
  private final String metric;
  private final List<EpochMetrics> epochs = new ArrayList<>();

  JudgedTraining(TrialJob job, MedianRule rule, String metric) {
    this.job = job;
    this.rule = rule;
    this.metric = metric;
  }

  /** Trains; empty if the sweep was stopped before it was known how it ends. */
  Optional<Trial> run(TrialRunner runner) {
    Optional<Trial> trial = Optional.empty();
    try {
      trial = runner.run(job, this);
      trial.ifPresent(done -> done.epochs().forEach(this::add));
    } finally {
      rule.end(job.candidate(), trial.isEmpty());
    }
    if (trial.isEmpty()) {
      return trial;
    }
    OptionalInt end = rule.verdict(job.candidate());
    if (end.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        end.getAsInt() == 0
            ? trial.get().with(epochs)
            : job.pruned(trial.get().seconds(), epochs.subList(0, end.getAsInt()), metric));
  }

  @Override
  public void begin(Runnable stop) {
    rule.begin(job.candidate(), stop);
  }

  @Override
  public void epoch(EpochMetrics now) {
    if (now.epoch() > epochs.size() + 1) { // it went on from a checkpoint
      FinishedRun.epochs(job.folder()).stream()
          .filter(earlier -> earlier.epoch() < now.epoch())
          .forEach(this::add);
    }
    add(now);
  }

  private void add(EpochMetrics now) {
    if (now.epoch() == epochs.size() + 1) { // else it was told before
      epochs.add(now);
      rule.epoch(job.candidate(), now.epoch(), now.value(metric));
    }
  }
}
