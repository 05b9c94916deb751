package org.descry.train.folder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.descry.io.AtomicFiles;
import org.descry.io.Listing;

/** The files of a run that is done elsewhere, in the folder that is held for it. */
public record RunCopy(RunFolder run) {
  /** All that the run has left so far, or the run that is to go on, by paths below the folder. */
  public Map<String, Path> files() {
    Map<String, Path> files = new TreeMap<>();
    run.attempt(
        () -> {
          Path from = run.files();
          if (!Files.isDirectory(from)) {
            return;
          }
          for (Path file : Listing.below(from)) {
            if (Files.isRegularFile(file)) {
              files.put(from.relativize(file).toString().replace('\\', '/'), file);
            }
          }
          files.keySet().removeIf(name -> !name.matches(RunFolder.FILES) || name.endsWith(".tmp"));
        });
    return files;
  }

  /**
   * Takes over a file.
   *
   * @param name one of those of {@link #files}
   */
  public void put(String name, AtomicFiles.Content content) {
    if (!name.matches(RunFolder.FILES)) {
      throw new IllegalArgumentException("expected a file of a run, got " + name);
    }
    if (name.equals(RunFolder.MODEL)) {
      run.saveModel(content);
      return;
    }
    run.attempt(
        () -> {
          Path file = run.files().resolve(name);
          Files.createDirectories(file.getParent());
          AtomicFiles.write(file, content);
        });
  }

  /** Drops what the run has no longer. */
  public void keepOnly(Set<String> names) {
    run.attempt(
        () -> {
          Path folder = run.files();
          RunFolder.OWN.deleteExcept(
              folder, name -> names.contains(name) || Files.isDirectory(folder.resolve(name)));
        });
  }
}
