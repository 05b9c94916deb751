package org.descry.train.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;
import org.descry.io.Listing;
import org.descry.io.NameLock;
import org.descry.job.JobFile;
import org.descry.job.SelectBy;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;

/**
 * A run folder as it lies there, whatever became of the run.
 *
 * @param name of the folder, from where it was looked for
 * @param job with every default
 * @param epochs that were trained
 * @param summary missing where the run has not ended
 * @param running whether a process is at it
 * @param begun when the run was begun, or went on
 */
public record StoredRun(
    String name,
    Path folder,
    JsonNode job,
    List<EpochMetrics> epochs,
    JsonNode summary,
    boolean running,
    Instant begun) {
  /** How deep runs lie below the folder that holds them: dated ones in that of their job. */
  private static final int DEPTH = 2;

  public StoredRun {
    epochs = List.copyOf(epochs);
  }

  /**
   * All runs below a folder, the latest first; those of sweeps, which have reports of their own,
   * are left out.
   *
   * @param unreadable is told of those that cannot be read
   * @throws DescryException if there is no such folder
   */
  public static List<StoredRun> below(Path dir, Consumer<String> unreadable) {
    List<StoredRun> found = new ArrayList<>();
    for (Path folder : folders(dir)) {
      try {
        found.add(read(dir, folder));
      } catch (DescryException e) {
        unreadable.accept(e.getMessage());
      }
    }
    found.sort(Comparator.comparing(StoredRun::begun).reversed().thenComparing(StoredRun::name));
    return found;
  }

  private static List<Path> folders(Path dir) {
    if (!Files.isDirectory(dir)) {
      throw new UsageException("%s is no folder; expected one that holds runs.".formatted(dir));
    }
    try {
      return Listing.below(dir, DEPTH).stream()
          .filter(folder -> Files.isRegularFile(folder.resolve(RunFolder.JOB)))
          .filter(
              folder ->
                  Stream.of(folder, folder.toAbsolutePath().getParent())
                      .noneMatch(around -> Files.exists(around.resolve(RunPlace.SWEEP))))
          .filter(folder -> folder.equals(dir) || !isHidden(folder))
          .toList();
    } catch (IOException e) {
      throw new DataException("%s cannot be listed: %s.".formatted(dir, IoErrors.of(e)), e);
    }
  }

  private static boolean isHidden(Path folder) {
    return folder.getFileName().toString().startsWith(".");
  }

  /**
   * The run in a folder, or the newest of several in it.
   *
   * @throws DescryException if there is none
   */
  public static StoredRun in(Path folder) {
    Path latest = folder;
    if (!Files.exists(folder.resolve(RunFolder.JOB))) {
      latest =
          RunPlace.latest(folder)
              .map(folder::resolve)
              .filter(newest -> Files.exists(newest.resolve(RunFolder.JOB)))
              .orElseThrow(
                  () ->
                      new UsageException(
                          "%s holds no run; expected the folder of one, such as runs/NAME."
                              .formatted(folder)));
    }
    return read(latest, latest);
  }

  private static StoredRun read(Path from, Path folder) {
    try {
      Path summary = folder.resolve(RunFolder.SUMMARY);
      Path metrics = folder.resolve(RunFolder.METRICS);
      Path job = folder.resolve(RunFolder.JOB);
      String name = from.equals(folder) ? folder.toString() : from.relativize(folder).toString();
      return new StoredRun(
          name,
          folder,
          JobFile.parse(job.toString(), EndingFiles.text(job)).tree(),
          Files.exists(metrics) ? FinishedRun.epochs(folder) : List.of(),
          Files.exists(summary) ? FinishedRun.summary(folder) : MissingNode.getInstance(),
          isHeld(folder.toAbsolutePath().normalize()),
          Files.getLastModifiedTime(job).toInstant());
    } catch (IOException e) {
      throw new DataException(
          "%s: cannot be read (%s); expected a run folder.".formatted(folder, IoErrors.of(e)), e);
    }
  }

  private static boolean isHeld(Path folder) {
    return folder.getParent() != null
        && NameLock.isTaken(folder.getParent(), folder.getFileName().toString());
  }

  /** {@code finished}, {@code running} or {@code stopped}. */
  public String state() {
    return running ? "running" : summary.isMissingNode() ? "stopped" : "finished";
  }

  /** How many epochs there are to be; 0 where the job does not say. */
  public int plannedEpochs() {
    return job.at("/training/epochs").asInt();
  }

  /** What the best epoch is chosen by. */
  public Metric selection() {
    String by = job.at("/training/selectBy").asText("loss").toUpperCase(Locale.ROOT);
    SelectBy known =
        Stream.of(SelectBy.values())
            .filter(one -> one.name().equals(by))
            .findFirst()
            .orElse(SelectBy.LOSS);
    return known == SelectBy.LOSS
        ? EpochMetrics.VALIDATION_LOSS
        : Metric.gain(known.metric(), known.metric());
  }

  /** The best epoch so far; empty if none was evaluated. */
  public Optional<EpochMetrics> best() {
    return EpochMetrics.best(epochs, selection());
  }

  /** A figure of the test part: the one that the best epoch is chosen by, else the loss. */
  public Optional<Double> test() {
    String name = selection().name().replace(EpochMetrics.VALIDATION, "");
    // Captioners have but one part to be scored on, whose figures are named without it.
    return Stream.of("test" + name, StringUtils.uncapitalize(name), "testLoss", "loss")
        .map(summary::path)
        .filter(JsonNode::isNumber)
        .map(JsonNode::asDouble)
        .findFirst();
  }

  /** Seconds of training so far. */
  public double seconds() {
    return epochs.isEmpty() ? 0 : epochs.get(epochs.size() - 1).seconds();
  }
}
