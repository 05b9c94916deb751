package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.descry.DescryException;
import org.descry.io.Json;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.sweep.arbiter.CandidateTasks;
import org.descry.sweep.arbiter.MedianRule;
import org.descry.sweep.arbiter.Outcome;
import org.descry.sweep.arbiter.Piece;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;
import org.descry.sweep.worker.TrialJob;
import org.descry.sweep.worker.TrialRunner;

/**
 * Trains candidates, each with all its repeats, several trainings at the same time. What the
 * journal knows of an earlier run is not trained again.
 */
final class CandidateTrainer implements CandidateTasks.Loop, AutoCloseable {
  private final SweepPlan plan;
  private final Journal journal;
  private final Scoreboard board;
  private final LiveReport report;
  private final TrialRunner runner;
  private final Optional<MedianRule> rule;
  private final ExecutorService threads;

  /**
   * @param workers trainings at the same time
   */
  CandidateTrainer(
      SweepPlan plan,
      Journal journal,
      Scoreboard board,
      LiveReport report,
      TrialRunner runner,
      int workers) {
    this.plan = plan;
    this.journal = journal;
    this.board = board;
    this.report = report;
    this.runner = runner;
    this.rule = plan.medianRule();
    this.threads = Executors.newFixedThreadPool(workers);
  }

  @Override
  public Optional<CandidateTasks.Trained> train(Piece piece) {
    int repeats = plan.settings().repeats();
    List<Trial> trials = new ArrayList<>();
    // Pruning looks at the first; whoever is left gets the others.
    int together = plan.pruning().isNone() ? repeats : 1;
    if (!train(piece, 0, together, trials)) {
      return Optional.empty();
    }
    boolean left = trials.stream().anyMatch(trial -> trial.succeeded() && !trial.pruned());
    if (left && !train(piece, together, repeats, trials)) {
      return Optional.empty();
    }
    // A training that was tried again after its process had died teaches the search nothing new:
    // later candidates may have been proposed without it.
    int number = piece.candidate();
    List<Trial> first =
        trials.stream()
            .map(t -> trial(journal.first(number, t.repeat(), until(piece, t.repeat()))))
            .toList();
    Candidate learnt = new Candidate(number, piece.settings(), first);
    return Optional.of(
        new CandidateTasks.Trained(
            new Candidate(number, piece.settings(), trials),
            new Outcome(scores(learnt), learnt.epochs(), learnt.pruned())));
  }

  private List<Double> scores(Candidate candidate) {
    return plan.steering().stream()
        .map(objective -> candidate.score(objective, plan.objective()))
        .toList();
  }

  /** Trains repeats at the same time; false if the sweep was stopped before all were done. */
  private boolean train(Piece piece, int from, int to, List<Trial> trials) {
    List<Future<Optional<Trial>>> futures = new ArrayList<>();
    for (int repeat = from; repeat < to; repeat++) {
      int which = repeat;
      futures.add(threads.submit(() -> trial(piece, which)));
    }
    for (Future<Optional<Trial>> future : futures) {
      result(future).ifPresent(trials::add);
    }
    return trials.size() == to;
  }

  private static int until(Piece piece, int repeat) {
    return repeat == 0 ? piece.until() : Piece.ALL;
  }

  @Override
  public void done(Candidate candidate) {
    board.add(candidate);
    report.update(board);
  }

  @Override
  public void fail(DescryException reason) {
    board.fail(reason);
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DescryException("Interrupted while a candidate was trained.", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof DescryException reason
          ? reason
          : new IllegalStateException(e.getCause());
    }
  }

  private Optional<Trial> trial(Piece piece, int repeat) {
    int number = piece.candidate();
    Journal.Entry known = journal.entry(number, repeat, until(piece, repeat));
    if (known != null && !known.unfinished()) {
      board.replay();
      replay(known);
      return Optional.of(replayed(known, piece.settings()));
    }
    if (board.stopped() || board.end() != null) {
      return Optional.empty();
    }
    board.begin();
    Optional<Trial> trial = Optional.empty();
    try {
      trial = run(piece, repeat);
      trial.ifPresent(done -> journal.add(entry(piece, done)));
    } finally {
      board.end(trial.orElse(null));
    }
    return trial;
  }

  private void replay(Journal.Entry known) {
    if (rule.isPresent() && known.repeat() == 0) {
      String metric = plan.objective().metric();
      known.epochs().forEach(e -> rule.get().epoch(known.candidate(), e.epoch(), e.value(metric)));
      rule.get().end(known.candidate(), false);
    }
  }

  private Optional<Trial> run(Piece piece, int repeat) {
    int number = piece.candidate();
    Job job;
    try {
      job = job(number, repeat, plan.with(piece.settings()));
    } catch (DescryException e) { // settings that do not go together
      TrialJob base = new TrialJob(number, repeat, job(number, repeat, plan.file()));
      rule.ifPresent(median -> median.end(number, false));
      return Optional.of(base.failed(0, e.getMessage()));
    }
    TrialJob trial = new TrialJob(number, repeat, job, until(piece, repeat));
    return rule.isPresent() && repeat == 0
        ? new JudgedTraining(trial, rule.get(), plan.objective().metric()).run(runner)
        : runner.run(trial, TrialRunner.Watch.NONE).map(done -> done.after(earlier(piece, repeat)));
  }

  /** Seconds of the pieces before. */
  private double earlier(Piece piece, int repeat) {
    if (repeat > 0 || piece.from() == 0) {
      return 0;
    }
    Journal.Entry before = journal.entry(piece.candidate(), 0, piece.from());
    return before == null ? 0 : before.seconds();
  }

  private Job job(int number, int repeat, JobFile file) {
    return plan.trial(plan.trialFolder(number, repeat), repeat, file);
  }

  private Journal.Entry entry(Piece piece, Trial trial) {
    int until = until(piece, trial.repeat());
    return new Journal.Entry(
        piece.candidate(),
        trial.repeat(),
        piece.settings(),
        trial.seed(),
        Double.isNaN(trial.score()) ? null : trial.score(),
        trial.seconds(),
        trial.epochs(),
        trial.failure(),
        board.elapsed(),
        trial.died() ? true : null,
        until == Piece.ALL ? null : until,
        trial.pruned() ? true : null,
        trial.measures().isEmpty() ? null : trial.measures(),
        piece.number() == piece.candidate() ? null : piece.number());
  }

  private Trial replayed(Journal.Entry entry, Map<String, JsonNode> settings) {
    if (!Json.line(entry.settings()).equals(Json.line(settings))) {
      throw new DescryException(
          "%s: candidate %s was trained with %s, but this version of Descry proposes %s; expected the same: --force begins anew."
              .formatted(
                  plan.folder().resolve(Journal.NAME),
                  entry.candidate(),
                  Json.line(entry.settings()),
                  Json.line(settings)));
    }
    return trial(entry);
  }

  private Trial trial(Journal.Entry entry) {
    return new Trial(
        entry.repeat(),
        entry.seed(),
        entry.score() == null ? Double.NaN : entry.score(),
        entry.measures() == null ? Map.of() : entry.measures(),
        entry.seconds(),
        entry.epochs(),
        entry.failure(),
        entry.unfinished(),
        Boolean.TRUE.equals(entry.pruned()),
        plan.trialFolder(entry.candidate(), entry.repeat()));
  }

  /** Lets go of trainings that wait for others: the sweep is stopped. */
  void stop() {
    rule.ifPresent(MedianRule::close);
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
