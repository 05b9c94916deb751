package org.descry.train.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.descry.io.IoErrors;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;

/** The checkpoints of a run, the newest last in the order of their names. */
public final class Checkpoints {
  /** Their folder in the run folder. */
  public static final String FOLDER = "checkpoints";

  /** All that lies below the run folder, as a pattern. */
  public static final String FILES = FOLDER + "(/\\.?step-[0-9]+\\.checkpoint(\\.tmp)?)?";

  private static final Pattern NAME = Pattern.compile("step-[0-9]+\\.checkpoint");

  private Checkpoints() {}

  /** Reads a file's content; empty if the next file is to be looked at. */
  private interface Reader<T> {
    Optional<T> read(Path file) throws IOException;
  }

  /** Writes one, whole or not at all. */
  public static void write(Path run, Checkpoint checkpoint) throws IOException {
    Path folder = run.resolve(FOLDER);
    Files.createDirectories(folder);
    CheckpointFile.write(folder.resolve(name(checkpoint.state().iteration())), checkpoint);
  }

  /**
   * Deletes all but the last ones and those after the best epochs. What is numbered as newer than
   * the last one is damaged, or of steps that were gone back on, and is in the way of it.
   *
   * @param last steps before the newest
   * @param best what the best epochs are found by
   */
  public static void prune(
      Path run, int last, int keepLast, int keepBest, List<EpochMetrics> done, Metric best)
      throws IOException {
    List<Path> files = files(run);
    Set<String> kept = new HashSet<>();
    files.stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> name.compareTo(name(last)) <= 0)
        .limit(keepLast)
        .forEach(kept::add);
    done.stream()
        .filter(EpochMetrics::evaluated)
        .sorted((a, b) -> a.betterThan(b, best) ? -1 : b.betterThan(a, best) ? 1 : 0)
        .limit(keepBest)
        .forEach(metrics -> kept.add(name(metrics.iteration())));
    for (Path file : files) {
      if (!kept.contains(file.getFileName().toString())) {
        Files.delete(file);
      }
    }
  }

  /** Whether the run has any. */
  public static boolean any(Path run) throws IOException {
    return !files(run).isEmpty();
  }

  /**
   * The newest one of a good state that is whole.
   *
   * @param damaged is told of each newer one, in a sentence
   */
  public static Optional<Checkpoint> newest(
      Path run, Predicate<TrainingState> good, Consumer<String> damaged) throws IOException {
    return first(
        run,
        file ->
            good.test(CheckpointFile.readState(file))
                ? Optional.of(CheckpointFile.read(file))
                : Optional.empty(),
        damaged);
  }

  /** The newest state that can be read; the arrays are not looked at. */
  public static Optional<TrainingState> newestState(Path run) throws IOException {
    return first(run, file -> Optional.of(CheckpointFile.readState(file)), sentence -> {});
  }

  private static <T> Optional<T> first(Path run, Reader<T> reader, Consumer<String> damaged)
      throws IOException {
    for (Path file : files(run)) {
      try {
        Optional<T> content = reader.read(file);
        if (content.isPresent()) {
          return content;
        }
      } catch (IOException e) {
        damaged.accept(
            "The checkpoint %s %s; it is passed over for the one before."
                .formatted(file, IoErrors.of(e)));
      }
    }
    return Optional.empty();
  }

  /** The newest first. */
  private static List<Path> files(Path run) throws IOException {
    Path folder = run.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files =
          new ArrayList<>(
              entries
                  .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
                  .toList());
      files.sort(Comparator.<Path>naturalOrder().reversed());
      return files;
    }
  }

  private static String name(int iteration) {
    return String.format(Locale.ROOT, "step-%010d.checkpoint", iteration);
  }
}
