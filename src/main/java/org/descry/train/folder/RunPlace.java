package org.descry.train.folder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.descry.DescryException;
import org.descry.DiskException;
import org.descry.UsageException;
import org.descry.io.AtomicFiles;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;
import org.descry.job.Job;
import org.descry.job.OutputSettings;

/**
 * Where a run lies: in the folder of its job, or, as one of several, in a folder of its own in
 * that, the newest of which the file {@value #LATEST} names.
 *
 * @param dir that holds the run folder
 * @param name of the run folder
 * @param dated whether it is one of several
 */
public record RunPlace(Path dir, String name, boolean dated) {
  /** The file that marks a sweep's folder. */
  public static final String SWEEP = "journal.jsonl";

  private static final String LATEST = "LATEST";

  /** No file of a run or a sweep, which would make one of the folder that holds several. */
  private static final Pattern ID =
      Pattern.compile(
          "(?i)(?!(%s|journal\\.jsonl|%s)$)[a-z0-9][a-z0-9._-]{0,99}(?<!\\.)"
              .formatted(LATEST, RunFolder.FILES));

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT);

  public Path folder() {
    return dir.resolve(name);
  }

  public static RunPlace plain(Path dir, String job) {
    return new RunPlace(dir, job, false);
  }

  /**
   * The place of a job's next run.
   *
   * @param id name of one of several; null for what the layout says
   * @param resumes whether it is to go on with the newest, if there are several
   * @param ended whether that one has ended and a new one is to begin
   * @throws UsageException as {@link #dated}
   */
  public static RunPlace of(Job job, String id, boolean resumes, Predicate<RunPlace> ended) {
    Path dir = Path.of(job.output().dir());
    if (id != null) {
      return dated(dir, job.name(), id);
    }
    Optional<String> latest = resumes ? latest(dir, job.name()) : Optional.empty();
    if (latest.isPresent()) {
      RunPlace last = dated(dir, job.name(), latest.get());
      return ended.test(last) ? dated(dir, job.name(), null) : last;
    }
    return job.output().layout() == OutputSettings.Layout.DATED
        ? dated(dir, job.name(), null)
        : plain(dir, job.name());
  }

  /**
   * The place of one run of several.
   *
   * @param id null for a new one, named by the time
   * @throws UsageException if the job's folder is a run itself, or the name cannot be one
   */
  private static RunPlace dated(Path dir, String job, String id) {
    if (id != null && !ID.matcher(id).matches()) {
      throw new UsageException(
          "The run's name is '%s'; expected letters, digits, '.', '_' and '-', at most 100, and no name of a run's own files."
              .formatted(id));
    }
    Path runs = dir.resolve(job);
    if (Files.exists(runs.resolve(RunFolder.JOB)) || Files.exists(runs.resolve(SWEEP))) {
      throw new UsageException(
          "%s is a run itself and cannot hold others; expected another name, or output.layout plain and no --run-id."
              .formatted(runs));
    }
    return new RunPlace(runs, id == null ? unused(runs) : id, true);
  }

  private static String unused(Path runs) {
    String stamp = ZonedDateTime.now(ZoneOffset.UTC).format(STAMP);
    String id = stamp;
    for (int i = 2; Files.exists(runs.resolve(id)); i++) {
      id = stamp + "-" + i;
    }
    return id;
  }

  /** The name of the newest run of several, if there are several. */
  private static Optional<String> latest(Path dir, String job) {
    return latest(dir.resolve(job));
  }

  /** The name of the newest run in a job's folder, if there are several. */
  static Optional<String> latest(Path runs) {
    Path file = runs.resolve(LATEST);
    try {
      String id = EndingFiles.text(file).strip();
      if (!ID.matcher(id).matches()) {
        throw new UsageException(
            "%s holds no name of a run; expected one, or --run-id.".formatted(file));
      }
      return Optional.of(id);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return notAFolder(file, e);
    }
  }

  private static Optional<String> notAFolder(Path file, IOException e) {
    if (!Files.isDirectory(file.getParent())) {
      return Optional.empty(); // which is said where the run begins
    }
    throw new DiskException("%s cannot be read: %s.".formatted(file, IoErrors.of(e)), e);
  }

  /**
   * Names this run as the newest.
   *
   * @throws DescryException if that cannot be written
   */
  public void setLatest() {
    if (dated) {
      try {
        byte[] text = (name + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFiles.writeAmongOthers(dir.resolve(LATEST), out -> out.write(text));
      } catch (IOException e) {
        throw IoErrors.unwritable(dir.resolve(LATEST), e);
      }
    }
  }
}
