package org.descry.sweep;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.data.SharedData;
import org.descry.io.NameLock;
import org.descry.sweep.arbiter.CandidateTasks;
import org.descry.sweep.arbiter.EagerRunner;
import org.descry.sweep.arbiter.MeanScore;
import org.descry.sweep.arbiter.Search;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.report.SweepReport;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Objective;
import org.descry.sweep.worker.TrialRunner;
import org.descry.sweep.worker.WorkerPool;
import org.descry.train.Training.Start;
import org.descry.train.folder.RunPlace;

/**
 * Searches for the best settings of a job. Arbiter proposes candidates and runs the loop; workers
 * in processes of their own train them; the journal keeps what came out, so that a sweep that was
 * interrupted, in whatever way, goes on where it was.
 *
 * <p>The sweep's folder holds {@code journal.jsonl}, {@code best.yaml} with its {@code model.zip},
 * the {@link SweepReport}, and {@code trials/} with the run folder, the job file and the log of
 * each training.
 *
 * <p>For one thread; {@link #stop} may come from another.
 */
public final class Sweep {
  /** Trainings at the same time: each is a process. */
  public static final int MOST_WORKERS = 256;

  private final SweepPlan plan;
  private final RunPlace place;
  private final Options options;
  private final SweepProgress progress;
  private final TrialRunner.Factory runners;
  private Runnable stopper = () -> {};
  private boolean stopped;

  /**
   * @param workers trainings at the same time; null for what the file says
   * @param start what to do about an earlier sweep of the name; {@code RESUME} begins one if there
   *     is none, too
   * @param runId name of one sweep of several; null for the job's folder, or as the job says
   */
  public record Options(Integer workers, Start start, String runId) {
    /**
     * @param resume whether to go on with what an earlier run left
     * @param replace whether an earlier sweep of the name may be replaced
     */
    public Options(Integer workers, boolean resume, boolean replace) {
      this(workers, resume ? Start.RESUME : replace ? Start.REPLACE : Start.NEW, null);
    }

    /** Whether to go on with what an earlier run left. */
    public boolean resume() {
      return start == Start.RESUME || start == Start.AUTO;
    }

    /** Whether an earlier sweep of the name may be replaced. */
    public boolean replace() {
      return start == Start.REPLACE;
    }
  }

  /**
   * A sweep that a file describes.
   *
   * @param assignments {@code key.path=value}, set before the file is checked
   * @throws DescryException if the file cannot be read or holds a mistake, in a sentence for each
   */
  public static Sweep read(
      Path file, List<String> assignments, Options options, SweepProgress progress) {
    return read(file, assignments, options, progress, WorkerPool::new);
  }

  /** As above, with trainings elsewhere than in processes of this machine. */
  public static Sweep read(
      Path file,
      List<String> assignments,
      Options options,
      SweepProgress progress,
      TrialRunner.Factory runners) {
    return new Sweep(SweepFile.read(file, assignments), options, progress, runners);
  }

  /**
   * A sweep that trains the best candidates of an earlier one again: for three times the epochs,
   * from three other seeds, under the earlier one's name and {@code -top}.
   *
   * @param folder of the earlier sweep
   * @param count of candidates, or as many as there are
   * @param assignments {@code key.path=value}, such as {@code training.epochs=100}
   * @throws DescryException if there is no such sweep, or none of its candidates has a score
   */
  public static Sweep ofBest(
      Path folder, int count, List<String> assignments, Options options, SweepProgress progress) {
    SweepPlan plan = Retraining.plan(folder, count, assignments);
    return new Sweep(plan, options, progress, WorkerPool::new);
  }

  Sweep(SweepPlan plan, Options options, SweepProgress progress, TrialRunner.Factory runners) {
    place =
        RunPlace.of(
            plan.job(),
            options.runId(),
            options.resume(),
            last -> options.start() == Start.AUTO && SweepFolder.hasEnded(plan.in(last.folder())));
    this.plan = plan.in(place.folder());
    this.options = options;
    this.progress = progress;
    this.runners = runners;
  }

  /** Where the results go. */
  public Path folder() {
    return plan.folder();
  }

  /**
   * Whether the sweep that was to go on has spent its budget, so that there is nothing left to
   * {@link #run}, which would write its reports again.
   *
   * @throws UsageException if it is another sweep
   */
  public boolean finished() {
    return options.resume() && SweepFolder.hasEnded(plan);
  }

  /** Asks the sweep to end now; trainings under way are given up. */
  public synchronized void stop() {
    stopped = true;
    stopper.run();
  }

  private synchronized void onStop(Runnable action) {
    stopper = action;
    if (stopped) {
      action.run();
    }
  }

  /**
   * Trains candidates until the budget is spent.
   *
   * @return all candidates, those of earlier runs too
   * @throws SweepStoppedException if {@link #stop} was called
   * @throws DescryException if there is a sweep that may not be replaced or does not go with this
   *     one, if the folder cannot be written, if the data cannot be read or every candidate would
   *     fail (found before anything is written), if too many trainings failed, or all
   */
  public SweepResults run() {
    SharedData shared = SharedData.gathering();
    try (NameLock lock = NameLock.take(place.dir().toAbsolutePath(), place.name(), "sweep");
        Journal journal = SweepFolder.journal(plan, options, shared)) {
      place.setLatest();
      SweepResults results = run(journal, shared);
      journal.end(SweepRecord.budget(plan));
      return results;
    }
  }

  private SweepResults run(Journal journal, SharedData shared) {
    SweepSettings settings = plan.settings();
    int threads = SweepRecord.threads(journal.sweep());
    int workers = options.workers() == null ? settings.workers(threads) : options.workers();
    Scoreboard board = new Scoreboard(plan, progress, journal.elapsed());
    LiveReport report = new LiveReport(plan);
    progress.started(
        new SweepProgress.Plan(
            plan.job().name(),
            settings.strategy().toString(),
            plan.objective(),
            plan.candidates(),
            settings.repeats(),
            workers,
            threads,
            journal.trainings()));
    try (TrialRunner runner =
            runners.create(
                workers,
                threads,
                settings.retries(),
                plan.objectives().stream().map(Objective::metric).toList());
        CandidateTrainer trainer =
            new CandidateTrainer(plan, journal, board, report, runner, workers)) {
      onStop(
          () -> {
            board.stop();
            trainer.stop();
            runner.close();
          });
      shared.take().ifPresent(data -> runner.share(data, folder().resolve(SweepFolder.DECODED)));
      loop(journal, board, trainer, workers);
      new LoneTimes(plan, journal, board, runner).measure();
    } finally {
      onStop(() -> {});
    }
    return results(report.results(board), board);
  }

  /** Arbiter's loop with our parts. */
  private void loop(Journal journal, Scoreboard board, CandidateTrainer trainer, int workers) {
    MeanScore score = new MeanScore(plan.objective().goal());
    BestModel best = new BestModel(plan);
    Strategy strategy = plan.settings().strategy();
    int known = journal.pieces();
    Search search =
        new Search(
            strategy.generator(plan.space(), plan.job().seed(), score, plan.settings().tpe()),
            new Search.Plan(
                strategy,
                plan.pruning(),
                plan.steering(),
                plan.queue(),
                SweepRecord.known(journal.sweep())),
            (piece, candidate) ->
                candidate < plan.candidates()
                    && (board.open() || (piece < known && board.end() == null)));
    new EagerRunner(
            workers,
            new OptimizationConfiguration.Builder()
                .candidateGenerator(search)
                .modelSaver(best)
                .scoreFunction(score)
                .terminationConditions(search)
                .build(),
            new CandidateTasks(trainer, search, best))
        .execute();
  }

  private SweepResults results(SweepResults results, Scoreboard board) {
    if (!results.candidates().isEmpty()) {
      SweepReport.write(results, folder());
    }
    if (board.end() != null) {
      throw board.end();
    }
    if (board.stopped()) {
      throw new SweepStoppedException(
          "Stopped after %s candidates; --resume goes on with %s."
              .formatted(results.candidates().size(), folder()));
    }
    if (results.candidates().stream().noneMatch(Candidate::scored)) {
      throw new DescryException(
          results.candidates().isEmpty()
              ? "The time of the sweep was over before a candidate was done; expected more"
                  + " budget.time."
              : "All %s candidates failed, the last one: %s"
                  .formatted(results.candidates().size(), lastFailure(results)));
    }
    return results;
  }

  private static String lastFailure(SweepResults results) {
    Candidate last = results.candidates().get(results.candidates().size() - 1);
    return last.trials().get(last.trials().size() - 1).failure();
  }
}
