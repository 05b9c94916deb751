package org.descry.train.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.descry.DescryException;
import org.descry.DiskException;
import org.descry.UsageException;
import org.descry.io.AtomicFiles;
import org.descry.io.IoErrors;
import org.descry.io.NameLock;
import org.descry.io.OwnFiles;
import org.descry.job.CheckpointSettings;
import org.descry.metrics.Metric;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.Checkpoints;
import org.descry.train.checkpoint.TrainingState;

/**
 * The folder of one job's results, held by one process at a time.
 *
 * <p>{@link #claim} takes the name and touches no results; {@link #begin} makes the folder. An
 * older run stays where it is, whatever happens, until the new one has a model: until then the new
 * one lies in a folder inside, and {@link #saveModel} moves it out, the model last. A process that
 * is killed in between leaves one whole model under the name, and the next one goes on moving.
 */
public final class RunFolder implements AutoCloseable {
  public static final String JOB = "job.yaml";
  public static final String METRICS = "metrics.jsonl";
  public static final String SUMMARY = "summary.json";
  public static final String REPORT = "report.html";

  /** What of the data could not be used, a line a record. */
  public static final String BAD_RECORDS = "bad-records.jsonl";

  /** The best model's file. */
  public static final String MODEL = "model.zip";

  static final String STAGE = ".new";

  /** Marks a run that did two batches of everything, which another one may replace unasked. */
  static final String FAST_DEV_RUN = "fast-dev-run";

  /** All that a run leaves, as a pattern of the paths below its folder. */
  static final String FILES =
      "("
          + Checkpoints.FILES
          + "|\\.?(job\\.yaml|metrics\\.jsonl|summary\\.json|report\\.html|bad-records\\.jsonl|model\\.zip|fast-dev-run)(\\.tmp)?)";

  static final OwnFiles OWN =
      new OwnFiles("run", JOB, Pattern.compile(FILES + "|\\.new|\\.new/" + FILES));

  private final Path folder;
  private final NameLock lock;
  private Path current;
  private boolean marked;
  private boolean begun;
  private boolean kept;

  private RunFolder(Path folder, NameLock lock) {
    this.folder = folder;
    this.current = folder;
    this.lock = lock;
  }

  /**
   * Takes the name {@code name} in {@code dir}.
   *
   * @param replace whether an older run of the name may be replaced
   * @throws DescryException if the folder cannot be written or holds anything but a run, another
   *     process holds the name, or there is an older run that may not be replaced
   */
  public static RunFolder claim(Path dir, String name, boolean replace) {
    return claim(dir, name, replace ? folder -> {} : EarlierRun::requireNone);
  }

  /** Takes the name of a run to go on with; whether there is one is yet to be seen. */
  public static RunFolder claimToResume(Path dir, String name) {
    return claim(dir, name, folder -> {});
  }

  /** Takes the name for a run of two batches, which replaces nothing but another such run. */
  public static RunFolder claimFastDevRun(Path dir, String name) {
    RunFolder run =
        claim(
            dir,
            name,
            folder -> {
              if (EarlierRun.holdsResults(folder) && !EarlierRun.isFastDevRun(folder)) {
                throw new UsageException(
                    folder
                        + " holds a run that is no fast-dev-run; expected another name in the job"
                        + " file.");
              }
            });
    run.marked = true;
    return run;
  }

  private interface Check {
    void accept(Path folder) throws IOException;
  }

  private static RunFolder claim(Path dir, String name, Check check) {
    Path folder = dir.resolve(name);
    NameLock lock = NameLock.take(dir, name, "job");
    try {
      RunFolder run = new RunFolder(folder, lock);
      Replacement.of(folder, OWN).recover(dir.resolve("." + name + ".old"));
      OWN.requireOnly(folder);
      check.accept(folder);
      return run;
    } catch (IOException e) {
      lock.close();
      throw NameLock.cannotWrite(dir, e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Makes the folder; inside an older run's where there is one. */
  public void begin() {
    attempt(
        () -> {
          current = toBegin();
          begun = true;
          OWN.deleteExcept(current, name -> false);
          Files.createDirectories(current);
        });
  }

  private Path toBegin() throws IOException {
    boolean taken = Files.exists(folder.resolve(MODEL)) || Checkpoints.any(folder);
    return taken ? folder.resolve(STAGE) : folder;
  }

  /** Tells why there is no run of a job: of records of its data that cannot be used. */
  public void refuse(String job, String badRecords) {
    attempt(
        () -> {
          Path told = toBegin();
          Files.createDirectories(told);
          AtomicFiles.write(told.resolve(JOB), job); // which marks a run's folder
          AtomicFiles.write(told.resolve(BAD_RECORDS), badRecords);
        });
  }

  /** Goes on with the run that is there. */
  public void reopen() {
    attempt(
        () -> {
          current = EarlierRun.toGoOn(folder);
          begun = true;
          kept = current.equals(folder) && Files.exists(model());
          Files.deleteIfExists(current.resolve(SUMMARY));
          Files.deleteIfExists(current.resolve(REPORT));
          Files.deleteIfExists(current.resolve(BAD_RECORDS));
        });
  }

  /** Whether it holds any checkpoint, damaged or not. */
  public boolean hasCheckpoints() {
    try {
      return EarlierRun.hasCheckpoints(folder);
    } catch (IOException e) {
      throw NameLock.cannotWrite(folder, e);
    }
  }

  /** Whether there is a model of this run. */
  public boolean hasModel() {
    return kept;
  }

  /** Keeps a checkpoint, and of the older ones what the settings say. */
  public void checkpoint(Checkpoint checkpoint, CheckpointSettings settings, Metric selection) {
    attempt(
        () -> {
          Checkpoints.write(current, checkpoint);
          Checkpoints.prune(
              current,
              checkpoint.state().iteration(),
              settings.keepLast(),
              settings.keepBest(),
              checkpoint.state().done(),
              selection);
        });
  }

  public void deleteCheckpoints() {
    attempt(() -> OWN.deleteExcept(folder, name -> !name.startsWith(Checkpoints.FOLDER)));
  }

  /**
   * The newest checkpoint of a good state that is whole.
   *
   * @param damaged is told of those that are not
   */
  public Optional<Checkpoint> newest(Predicate<TrainingState> good, Consumer<String> damaged) {
    try {
      return Checkpoints.newest(files(), good, damaged);
    } catch (IOException e) {
      throw EarlierRun.unreadable(folder, e);
    }
  }

  /** Writes the best model so far; from the first one on the run is there to stay. */
  public void saveModel(AtomicFiles.Content model) {
    attempt(
        () -> {
          AtomicFiles.write(current.resolve(MODEL), model);
          if (!kept) {
            kept = true;
            Replacement.of(folder, OWN).moveOut();
            current = folder;
          }
        });
  }

  /** Writes one of the run's text files, whole or not at all. */
  public void write(String file, String text) {
    attempt(
        () -> {
          AtomicFiles.write(current.resolve(file), text);
          if (marked && file.equals(JOB)) { // which comes before all others
            AtomicFiles.write(current.resolve(FAST_DEV_RUN), "Two batches of everything.\n");
          }
        });
  }

  /** Adds a line to one of the run's files. */
  public void append(String file, String line) {
    attempt(
        () ->
            Files.write(
                current.resolve(file),
                (line + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND));
  }

  /** Where the files are: those of this run, or of the one that is to go on. */
  Path files() throws IOException {
    return begun ? current : EarlierRun.toGoOn(folder);
  }

  Path path() {
    return folder;
  }

  public Path model() {
    return folder.resolve(MODEL);
  }

  /** Gives the name back; without a model or a checkpoint, nothing of the run is left. */
  @Override
  public void close() {
    try {
      if (begun && !kept) {
        attempt(
            () -> {
              if (!Checkpoints.any(current)) {
                OWN.delete(current);
              }
            });
      }
    } finally {
      lock.close();
    }
  }

  interface FileAction {
    void run() throws IOException;
  }

  void attempt(FileAction action) {
    try {
      action.run();
    } catch (IOException e) {
      throw new DiskException(
          "Cannot write to %s: %s; expected a folder that can be written and has room."
              .formatted(folder, IoErrors.of(e)),
          e);
    }
  }
}
