package org.descry.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.data.SharedData;
import org.descry.io.IoErrors;
import org.descry.io.OwnFiles;
import org.descry.train.folder.FinishedRun;

/** What an earlier run left in a sweep's folder, to be gone on with or replaced. */
final class SweepFolder {
  /**
   * Of an older sweep: its best model stays until there is a new one, the journal is written over.
   */
  private static final Set<String> KEPT = Set.of(BestModel.MODEL, BestModel.JOB, Journal.NAME);

  /** What is decoded for the workers while the sweep goes on. */
  static final String DECODED = "decoded.bin";

  /** All that a sweep leaves, as paths below its folder. */
  private static final OwnFiles OWN =
      new OwnFiles(
          "sweep",
          Journal.NAME,
          Pattern.compile(
              "\\.?(best\\.yaml|model\\.zip|report\\.html|results\\.csv|results\\.json|decoded\\.bin|journal\\.jsonl)"
                  + "(\\.tmp)?|trials(/\\.?\\d+-(\\d+|alone)(\\.(yaml|log|lock|old))?(\\.tmp)?(/(\\.new/?)?("
                  + FinishedRun.FILES
                  + ")?)?)?"));

  private SweepFolder() {}

  /**
   * Whether the sweep has spent its budget.
   *
   * @throws UsageException if it has, and is another sweep
   */
  static boolean hasEnded(SweepPlan plan) {
    Path file = plan.folder().resolve(Journal.NAME);
    if (!Files.exists(file)) {
      return false;
    }
    try (Journal journal = Journal.read(file)) {
      if (!journal.hasEnded(SweepRecord.budget(plan))) {
        return false;
      }
      SweepRecord.requireSame(plan, journal.sweep(), file);
      return true;
    }
  }

  /**
   * Goes on with the journal that is there, or begins one.
   *
   * @param shared gets what of the data is decoded meanwhile
   * @throws DescryException as {@link Sweep#run}
   */
  static Journal journal(SweepPlan plan, Sweep.Options options, SharedData shared) {
    Path folder = plan.folder();
    Path file = folder.resolve(Journal.NAME);
    try {
      boolean begun = Journal.begun(file);
      if (begun && options.resume()) {
        Journal journal = Journal.resume(file);
        SweepRecord.requireSame(plan, journal.sweep(), file);
        Files.deleteIfExists(folder.resolve(DECODED)); // of a program that was killed
        if (!journal.hasEnded(SweepRecord.budget(plan)) && mayTrain(plan, journal)) {
          SharedMistakes.refuse(plan, shared)
              .ifPresent(now -> SweepRecord.requireSameData(plan, now, journal.sweep(), file));
        }
        return journal;
      }
      OWN.requireOnly(folder);
      if (begun && !options.replace()) {
        throw new UsageException(
            folder
                + " holds an earlier sweep; expected a new name, --resume to go on with it, or"
                + " --force to replace it.");
      }
      Optional<SharedMistakes.Read> read = SharedMistakes.refuse(plan, shared);
      OWN.deleteExcept(folder, KEPT::contains);
      Files.createDirectories(folder);
      return Journal.begin(file, SweepRecord.begun(plan, read));
    } catch (IOException e) {
      throw IoErrors.unwritable(folder, e);
    }
  }

  /** Candidates that pause are trained more often than once. */
  private static boolean mayTrain(SweepPlan plan, Journal journal) {
    return !plan.pruning().isNone()
        || plan.measuresTimes()
        || journal.trainings() < (long) plan.candidates() * plan.settings().repeats();
  }
}
