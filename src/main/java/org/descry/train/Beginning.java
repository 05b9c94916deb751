package org.descry.train;

import java.nio.file.Path;
import java.util.Optional;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.train.Training.Options;
import org.descry.train.Training.Start;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.Origin;
import org.descry.train.checkpoint.TrainingState;
import org.descry.train.folder.EarlierRun;
import org.descry.train.folder.RunFolder;
import org.descry.train.folder.RunPlace;

/**
 * What a training begins with: the place of its run, and an earlier run that may be there.
 *
 * @param place where the run lies
 */
record Beginning(Job job, Options options, RunPlace place) {
  private static final String STOPPING = "/training/earlyStopping";

  /**
   * @throws org.descry.DescryException if there can be no run where the job and the options say
   */
  static Beginning of(Job job, Options options) {
    return new Beginning(job, options, placeOf(job, options));
  }

  private static RunPlace placeOf(Job job, Options options) {
    if (options.dir() != null) {
      return RunPlace.plain(options.dir(), job.name());
    }
    if (options.fastDevRun()) {
      return RunPlace.plain(Path.of(job.output().dir()), job.name() + "-fast-dev-run");
    }
    if (options.overfitBatches() > 0) {
      return RunPlace.plain(Path.of(job.output().dir()), job.name() + "-overfit");
    }
    return RunPlace.of(
        job,
        options.runId(),
        options.start().resumes(),
        last -> options.start() != Start.RESUME && new Beginning(job, options, last).finished());
  }

  Path folder() {
    return place.folder();
  }

  /**
   * Whether the run that was to go on has come to its end.
   *
   * @throws UsageException if it is one of another job
   */
  boolean finished() {
    if (!options.start().resumes() || !EarlierRun.finished(folder())) {
      return false;
    }
    if (options.start() == Start.AUTO_OR_REPLACE) {
      return EarlierRun.isOf(folder(), job);
    }
    return EarlierRun.end(folder()).map(this::isEnd).orElse(true);
  }

  private boolean isEnd(EarlierRun.End end) {
    Origin.requireSameJob(job, end.job(), folder());
    boolean sameStopping = end.job().at(STOPPING).equals(JobFile.tree(job).at(STOPPING));
    return new Ending(job.training(), options.epochs(job), null).reachedBy(end, sameStopping);
  }

  /** Takes the name of the run. */
  RunFolder claim() {
    if (options.fastDevRun()) {
      return RunFolder.claimFastDevRun(place.dir(), place.name());
    }
    if (options.overfitBatches() > 0) {
      return RunFolder.claim(place.dir(), place.name(), true);
    }
    return options.start().resumes()
        ? RunFolder.claimToResume(place.dir(), place.name())
        : RunFolder.claim(place.dir(), place.name(), options.start() == Start.REPLACE);
  }

  /**
   * What to go on from; empty to begin anew.
   *
   * @throws UsageException if it is of another job, or there has to be one and is none
   * @throws DataException if there has to be one and all are damaged
   */
  Optional<Checkpoint> checkpoint(RunFolder folder, TrainingProgress progress) {
    if (!options.start().resumes()) {
      return Optional.empty();
    }
    Optional<Checkpoint> newest = folder.newest(state -> true, progress::note);
    if (newest.isEmpty()) {
      if (options.start() == Start.RESUME) {
        boolean damaged = folder.hasCheckpoints();
        String none =
            "There is no checkpoint%s in %s to go on from; expected one: --resume=auto begins anew then."
                .formatted(damaged ? " that is whole" : "", folder());
        throw damaged ? new DataException(none) : new UsageException(none);
      }
      return Optional.empty();
    }
    try {
      Origin.requireSameJob(job, newest.get().state().origin().job(), folder());
    } catch (UsageException e) {
      if (options.start() == Start.AUTO_OR_REPLACE) {
        return Optional.empty();
      }
      throw e;
    }
    return newest;
  }

  /**
   * Begins anew in the folder, or goes on with what is there.
   *
   * @param from what to go on from; null to begin anew
   * @param now of the training that begins
   * @return the same with what has been another before
   * @throws org.descry.DescryException if the earlier run was on other data, or its model is gone
   */
  Origin begin(RunFolder folder, Checkpoint from, Origin now, TrainingProgress progress) {
    Origin origin = now;
    if (from == null) {
      folder.begin();
    } else {
      Origin begun = from.state().origin();
      begun.requireSameData(now, folder());
      begun.differences(now).ifPresent(progress::note);
      origin = now.after(begun, from.state().iteration());
      folder.reopen();
      requireModel(folder, from.state());
      progress.note(
          "Goes on with %s after %s steps.".formatted(folder(), from.state().iteration()));
    }
    place.setLatest();
    return origin;
  }

  /** A model that the checkpoint knows of was saved after it, or is saved again. */
  private static void requireModel(RunFolder folder, TrainingState state) {
    if (state.best() != null && !state.endsWithBest() && !folder.hasModel()) {
      throw new DataException(
          "%s is missing; expected the best model so far, of epoch %s: put it back, or begin anew with --force."
              .formatted(folder.model(), state.best().epoch()));
    }
  }
}
