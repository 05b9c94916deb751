package org.descry.sweep;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.descry.io.NewFolder;
import org.descry.job.Job;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;
import org.descry.sweep.worker.TrialJob;
import org.descry.sweep.worker.TrialRunner;
import org.descry.train.Summary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Times of candidates that can be compared: each is trained again for a few epochs while nothing
 * else is, once the search is over.
 */
record LoneTimes(SweepPlan plan, Journal journal, Scoreboard board, TrialRunner runner) {
  private static final Logger LOG = LoggerFactory.getLogger(LoneTimes.class);

  /** Measures those that the journal has no time of, if times are an objective. */
  void measure() {
    if (!plan.measuresTimes()) {
      return;
    }
    for (Candidate candidate : board.candidates()) {
      if (candidate.whole() && board.end() == null && !board.stopped()) {
        board.measured(candidate, Summary.SECONDS, seconds(candidate));
      }
    }
  }

  /** Empty if it failed or was broken off. */
  private Optional<Double> seconds(Candidate candidate) {
    Double known = journal.alone(candidate.number());
    if (known != null) {
      return Optional.of(known);
    }
    Job job =
        plan.trial(
            plan.trialFolder(candidate.number(), "alone"), 0, plan.with(candidate.settings()));
    // The first epoch has to warm up.
    int until = Math.min(job.training().epochs(), 1 + job.training().evaluateEvery());
    board.begin();
    try {
      Optional<Trial> trial =
          runner.run(new TrialJob(candidate.number(), 0, job, until), TrialRunner.Watch.NONE);
      trial
          .map(Trial::failure)
          .ifPresent(
              reason -> LOG.warn("Candidate {} has no time: {}", candidate.number(), reason));
      Optional<Double> seconds =
          trial.filter(Trial::succeeded).map(done -> anEpoch(done.epochs()) * candidate.epochs());
      if (seconds.isPresent()) {
        journal.add(candidate.number(), seconds.get());
        NewFolder.delete(Path.of(job.output().dir()).resolve(job.name()));
      }
      return seconds;
    } finally {
      board.end(null);
    }
  }

  private static double anEpoch(List<EpochMetrics> epochs) {
    int last = epochs.size() - 1;
    double first = epochs.get(0).seconds();
    return last == 0 ? first : (epochs.get(last).seconds() - first) / last;
  }
}
