package org.descry.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Stream;
import org.descry.DescryException;
import org.descry.DiskException;
import org.descry.UsageException;
import org.descry.io.AtomicFiles;
import org.descry.io.FileTree;
import org.descry.io.IoErrors;
import org.descry.io.NameLock;

/**
 * The folder of one job's results, held by one process at a time.
 *
 * <p>{@link #claim} takes the name and touches no results; {@link #begin} makes the folder, with an
 * older run moved aside; {@link #saveModel} makes the new run stay and the older one go. A run that
 * ends before it has a model leaves everything as it was.
 */
final class RunFolder implements AutoCloseable {
  static final String JOB = "job.yaml";
  static final String METRICS = "metrics.jsonl";
  static final String SUMMARY = "summary.json";
  private static final Set<String> LEFTOVERS = Set.of(JOB, METRICS);

  private final Path folder;
  private final Path aside;
  private final NameLock lock;
  private boolean begun;
  private boolean kept;

  private RunFolder(Path folder, Path aside, NameLock lock) {
    this.folder = folder;
    this.aside = aside;
    this.lock = lock;
  }

  /**
   * Takes the name {@code name} in {@code dir}.
   *
   * @param replace whether an older run of the name may be replaced
   * @throws DescryException if the folder cannot be written, another process holds the name, or
   *     there is an older run that may not be replaced
   */
  static RunFolder claim(Path dir, String name, boolean replace) {
    Path folder = dir.resolve(name);
    NameLock lock = NameLock.take(dir, name, "job");
    try {
      RunFolder run = new RunFolder(folder, dir.resolve("." + name + ".old"), lock);
      run.recover();
      if (!replace && holdsResults(folder)) {
        throw new UsageException(
            folder + " holds an earlier run; expected a new name, or --force to replace it.");
      }
      return run;
    } catch (IOException e) {
      lock.close();
      throw NameLock.cannotWrite(dir, e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Makes the folder, empty; an older run is moved aside until the new one has a model. */
  void begin() {
    attempt(
        () -> {
          if (Files.exists(folder)) {
            Files.move(folder, aside);
          }
          begun = true;
          Files.createDirectories(folder);
        });
  }

  /** Writes the best model so far; from the first one on the run is there to stay. */
  void saveModel(AtomicFiles.Content model) {
    attempt(
        () -> {
          AtomicFiles.write(model(), model);
          if (!kept) {
            kept = true;
            FileTree.delete(aside);
          }
        });
  }

  /** Writes one of the run's text files, whole or not at all. */
  void write(String file, String text) {
    attempt(() -> AtomicFiles.write(folder.resolve(file), text));
  }

  /** Adds a line to one of the run's files. */
  void append(String file, String line) {
    attempt(
        () ->
            Files.write(
                folder.resolve(file),
                (line + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND));
  }

  Path path() {
    return folder;
  }

  Path model() {
    return folder.resolve("model.zip");
  }

  /** Gives the name back; without a model, the older run comes back too. */
  @Override
  public void close() {
    try {
      if (begun && !kept) {
        attempt(
            () -> {
              FileTree.delete(folder);
              if (Files.exists(aside)) {
                Files.move(aside, folder);
              }
            });
      }
    } finally {
      lock.close();
    }
  }

  /** Puts in order what a killed process left: the run that has a model wins. */
  private void recover() throws IOException {
    if (Files.exists(aside)) {
      if (Files.exists(model())) {
        FileTree.delete(aside);
      } else {
        FileTree.delete(folder);
        Files.move(aside, folder);
      }
    }
  }

  private interface FileAction {
    void run() throws IOException;
  }

  private void attempt(FileAction action) {
    try {
      action.run();
    } catch (IOException e) {
      throw new DiskException(
          "Cannot write to %s: %s; expected a folder that can be written and has room."
              .formatted(folder, IoErrors.of(e)),
          e);
    }
  }

  /** Whether the folder holds more than what a run leaves that was killed before it had a model. */
  private static boolean holdsResults(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Files.exists(folder);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .anyMatch(name -> !LEFTOVERS.contains(name) && !name.endsWith(".tmp"));
    }
  }
}
