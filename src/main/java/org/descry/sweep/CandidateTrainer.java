package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  private final TrialRunner runner;
  private final ExecutorService threads;

  /**
   * @param workers trainings at the same time
   */
  CandidateTrainer(
      SweepPlan plan, Journal journal, Scoreboard board, TrialRunner runner, int workers) {
    this.plan = plan;
    this.journal = journal;
    this.board = board;
    this.runner = runner;
    this.threads = Executors.newFixedThreadPool(workers);
  }

  @Override
  public Optional<CandidateTasks.Trained> train(int number, Map<String, JsonNode> settings) {
    List<Future<Optional<Trial>>> futures = new ArrayList<>();
    for (int repeat = 0; repeat < plan.settings().repeats(); repeat++) {
      int which = repeat;
      futures.add(threads.submit(() -> trial(number, which, settings)));
    }
    List<Trial> trials = new ArrayList<>();
    for (Future<Optional<Trial>> future : futures) {
      result(future).ifPresent(trials::add);
    }
    if (trials.size() < futures.size()) {
      return Optional.empty();
    }
    // A training that was tried again after its process had died teaches the search nothing new:
    // later candidates may have been proposed without it.
    List<Trial> first = trials.stream().map(t -> trial(journal.first(number, t.repeat()))).toList();
    return Optional.of(
        new CandidateTasks.Trained(
            new Candidate(number, settings, trials),
            new Candidate(number, settings, first).score()));
  }

  @Override
  public void done(Candidate candidate) {
    board.add(candidate);
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

  private Optional<Trial> trial(int number, int repeat, Map<String, JsonNode> settings) {
    Journal.Entry known = journal.entry(number, repeat);
    if (known != null && !known.unfinished()) {
      board.replay();
      return Optional.of(replayed(known, settings));
    }
    if (board.stopped() || board.end() != null) {
      return Optional.empty();
    }
    board.begin();
    Optional<Trial> trial = Optional.empty();
    try {
      trial = run(number, repeat, settings);
      trial.ifPresent(done -> journal.add(entry(number, done, settings)));
    } finally {
      board.end(trial.orElse(null));
    }
    return trial;
  }

  private Optional<Trial> run(int number, int repeat, Map<String, JsonNode> settings) {
    Job job;
    try {
      job = job(number, repeat, plan.with(settings));
    } catch (DescryException e) { // settings that do not go together
      TrialJob base = new TrialJob(number, repeat, job(number, repeat, plan.file()));
      return Optional.of(base.failed(0, e.getMessage()));
    }
    return runner.run(new TrialJob(number, repeat, job));
  }

  private Job job(int number, int repeat, JobFile file) {
    Path folder = folder(number, repeat);
    return file.set("name=" + folder.getFileName())
        .set("output.dir=" + Json.line(folder.getParent().toString()))
        .set("seed=" + plan.seed(repeat))
        .job();
  }

  private Path folder(int number, int repeat) {
    String name = String.format(Locale.ROOT, "%03d-%d", number, repeat);
    return plan.folder().resolve("trials").resolve(name);
  }

  private Journal.Entry entry(int number, Trial trial, Map<String, JsonNode> settings) {
    return new Journal.Entry(
        number,
        trial.repeat(),
        settings,
        trial.seed(),
        trial.succeeded() ? trial.score() : null,
        trial.seconds(),
        trial.epochs(),
        trial.failure(),
        board.elapsed(),
        trial.died() ? true : null);
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
        entry.seconds(),
        entry.epochs(),
        entry.failure(),
        entry.unfinished(),
        folder(entry.candidate(), entry.repeat()));
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
