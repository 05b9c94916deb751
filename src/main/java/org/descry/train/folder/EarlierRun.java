package org.descry.train.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;
import org.descry.io.Json;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;
import org.descry.train.checkpoint.Checkpoints;
import org.descry.train.checkpoint.TrainingState;

/** What lies in a run folder before anybody takes it. */
public final class EarlierRun {
  private static final Set<String> LEFTOVERS =
      Set.of(
          RunFolder.JOB,
          RunFolder.METRICS,
          RunFolder.REPORT,
          RunFolder.BAD_RECORDS,
          RunFolder.FAST_DEV_RUN,
          RunFolder.STAGE,
          Checkpoints.FOLDER);

  private EarlierRun() {}

  /**
   * Where a run is to go on: a replacement that has no model yet is newer than what it replaces.
   */
  static Path toGoOn(Path folder) throws IOException {
    Path stage = folder.resolve(RunFolder.STAGE);
    return Checkpoints.any(stage) ? stage : folder;
  }

  /** Whether there are checkpoints, damaged or not, where a run is to go on. */
  static boolean hasCheckpoints(Path folder) throws IOException {
    return Checkpoints.any(toGoOn(folder));
  }

  /**
   * Where a run came to its end.
   *
   * @param job with every default
   * @param epochs that were trained
   * @param iteration steps in all of them
   * @param seconds of training
   * @param reason as its summary says
   */
  public record End(JsonNode job, int epochs, int iteration, double seconds, String reason) {}

  /**
   * The end of a finished run, from its last checkpoint, or from its other files where that is gone
   * or damaged; empty if those say nothing either.
   */
  public static Optional<End> end(Path folder) {
    JsonNode summary = summary(folder);
    String reason = summary.path("ended").asText();
    return state(folder)
        .map(
            last ->
                new End(
                    last.origin().job(), last.epoch(), last.iteration(), last.seconds(), reason))
        .or(() -> endWithoutState(folder, summary.path("seconds").asDouble(), reason));
  }

  private static JsonNode summary(Path folder) {
    try {
      return Json.MAPPER.readTree(EndingFiles.bytes(folder.resolve(RunFolder.SUMMARY)));
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static Optional<End> endWithoutState(Path folder, double seconds, String reason) {
    Path file = folder.resolve(RunFolder.JOB);
    try {
      JsonNode job = JobFile.tree(JobFile.parse(file.toString(), EndingFiles.text(file)).job());
      List<EpochMetrics> epochs = FinishedRun.epochs(folder);
      return epochs.stream()
          .reduce((first, second) -> second)
          .map(last -> new End(job, epochs.size(), last.iteration(), seconds, reason));
    } catch (IOException | DescryException e) {
      return Optional.empty();
    }
  }

  /** The state that a training in the folder can go on from, if there is one. */
  private static Optional<TrainingState> state(Path folder) {
    try {
      return Checkpoints.newestState(toGoOn(folder));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  static DataException unreadable(Path folder, IOException e) {
    return new DataException(
        "%s: its checkpoints cannot be read: %s.".formatted(folder, IoErrors.of(e)), e);
  }

  /** Whether the run has come to its end, with its report. */
  public static boolean finished(Path folder) {
    return Files.exists(folder.resolve(RunFolder.SUMMARY));
  }

  /**
   * Whether the folder holds more than what a run leaves that was killed before it had anything.
   */
  static boolean holdsResults(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Files.exists(folder);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return Checkpoints.any(folder)
          || entries
              .map(entry -> entry.getFileName().toString())
              .anyMatch(name -> !LEFTOVERS.contains(name) && !name.endsWith(".tmp"));
    }
  }

  /**
   * @throws UsageException if the folder holds a run that has come to anything
   */
  static void requireNone(Path folder) throws IOException {
    if (holdsResults(folder)) {
      throw new UsageException(
          folder
              + (finished(folder) || !hasCheckpoints(folder)
                  ? " holds an earlier run; expected a new name, or --force to replace it."
                  : " holds a run that has not ended; expected --resume to go on with it, a new"
                      + " name, or --force to replace it."));
    }
  }

  /** Whether the run was of exactly this job. */
  public static boolean isOf(Path folder, Job job) {
    try {
      return EndingFiles.text(folder.resolve(RunFolder.JOB)).equals(JobFile.resolved(job));
    } catch (IOException e) {
      return false;
    }
  }

  static boolean isFastDevRun(Path folder) throws IOException {
    Path summary = folder.resolve(RunFolder.SUMMARY);
    return Files.exists(folder.resolve(RunFolder.FAST_DEV_RUN))
        // 0.1.0 left no mark
        || (Files.exists(summary) && EndingFiles.text(summary).contains("\"fastDevRun\""));
  }
}
