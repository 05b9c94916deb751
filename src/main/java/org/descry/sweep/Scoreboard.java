package org.descry.sweep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import org.descry.DescryException;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;

/** Keeps count of a sweep: what is done, what is best, how long it will take, why it ended. */
final class Scoreboard {
  private static final double NANOS = 1e9;

  private final SweepPlan plan;
  private final SweepProgress progress;
  private final DoubleSupplier clock;
  private final double earlier;
  private final Map<Integer, Candidate> done = new TreeMap<>();
  private final Comparator<Candidate> bestFirst;
  private Candidate best;
  private int trials;
  private int trialsNow;
  private int running;
  private int failuresInARow;
  private DescryException end;
  private boolean stopped;

  /**
   * @param earlier seconds of earlier runs
   */
  Scoreboard(SweepPlan plan, SweepProgress progress, double earlier) {
    this.plan = plan;
    this.progress = progress;
    this.earlier = earlier;
    long begun = System.nanoTime();
    this.clock = () -> (System.nanoTime() - begun) / NANOS;
    this.bestFirst = Candidate.bestFirst(plan.objective());
  }

  /** Seconds over all runs, to the millisecond. */
  double elapsed() {
    return Math.round((earlier + clock.getAsDouble()) * 1e3) / 1e3;
  }

  /** Whether new candidates may be begun. */
  synchronized boolean open() {
    Duration limit = plan.settings().budget().limit().orElse(null);
    return !stopped && end == null && (limit == null || elapsed() < limit.toMillis() / 1e3);
  }

  /** Asks for no new trainings. */
  synchronized void stop() {
    stopped = true;
  }

  synchronized boolean stopped() {
    return stopped;
  }

  /** Ends the sweep because of something that is no candidate's fault. */
  synchronized void fail(DescryException reason) {
    if (end == null) {
      end = reason;
    }
  }

  /** Why the sweep ended before its time; null if it did not. */
  synchronized DescryException end() {
    return end;
  }

  synchronized void begin() {
    running++;
    progress.state(state());
  }

  /** A training that was begun is over; null for one that was stopped. */
  synchronized void end(Trial trial) {
    running--;
    if (trial != null) {
      trials++;
      trialsNow++;
      failuresInARow = trial.succeeded() ? 0 : failuresInARow + 1;
      if (failuresInARow >= plan.settings().maxFailures()) {
        fail(
            new DescryException(
                ("The last %s trainings failed, which ends the sweep (maxFailures); the last one: "
                        + "%s")
                    .formatted(failuresInARow, trial.failure())));
      }
    }
    progress.state(state());
  }

  /** A training of an earlier run. */
  synchronized void replay() {
    trials++;
  }

  /** A candidate is trained so far. */
  synchronized void add(Candidate candidate) {
    done.put(candidate.number(), candidate);
    best = done.values().stream().filter(Candidate::scored).min(bestFirst).orElse(null);
    progress.candidate(candidate, state());
  }

  /** A figure of a candidate is another, or there is none. */
  synchronized void measured(Candidate candidate, String metric, Optional<Double> value) {
    done.put(candidate.number(), candidate.measured(metric, value));
  }

  synchronized List<Candidate> candidates() {
    return new ArrayList<>(done.values());
  }

  private SweepProgress.State state() {
    return new SweepProgress.State(
        done.size(),
        running,
        (int) done.values().stream().filter(c -> !c.scored()).count(),
        best == null ? Double.NaN : best.score(),
        best == null ? -1 : best.number(),
        secondsLeft());
  }

  private double secondsLeft() {
    double byTime =
        plan.settings()
            .budget()
            .limit()
            .map(limit -> Math.max(0, limit.toMillis() / 1e3 - elapsed()))
            .orElse(Double.NaN);
    int candidates = plan.candidates();
    if (candidates == Integer.MAX_VALUE || trialsNow == 0 || !plan.pruning().isNone()) {
      return byTime;
    }
    double left = (double) candidates * plan.settings().repeats() - trials;
    double byCount = Math.max(0, left * clock.getAsDouble() / trialsNow);
    return Double.isNaN(byTime) ? byCount : Math.min(byTime, byCount);
  }
}
