package org.descry.train.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.descry.io.OwnFiles;
import org.descry.train.checkpoint.Checkpoints;

/**
 * A new run inside the folder of the older one, which it is to replace.
 *
 * @param folder of the older run
 * @param stage where the new one lies
 * @param own files that may be deleted
 */
record Replacement(Path folder, Path stage, OwnFiles own) {
  static Replacement of(Path folder, OwnFiles own) {
    return new Replacement(folder, folder.resolve(RunFolder.STAGE), own);
  }

  /**
   * Puts a new run with a model in the place of the older one. Whenever it is broken off, it can be
   * called again.
   */
  void moveOut() throws IOException {
    if (!Files.exists(stage.resolve(RunFolder.MODEL))) {
      return;
    }
    if (Files.exists(stage.resolve(RunFolder.JOB))) { // else it was broken off after this
      own.deleteExcept(
          folder,
          name ->
              name.equals(RunFolder.MODEL)
                  || name.equals(RunFolder.STAGE)
                  || name.startsWith(RunFolder.STAGE + "/"));
      move(stage.resolve(RunFolder.JOB));
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(stage)) {
      files = entries.filter(file -> !file.endsWith(RunFolder.MODEL)).toList();
    }
    for (Path file : files) {
      move(file);
    }
    move(stage.resolve(RunFolder.MODEL));
    own.delete(stage);
  }

  private void move(Path file) throws IOException {
    Files.move(
        file,
        folder.resolve(file.getFileName()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Puts in order what a killed process left: the run that has a model wins.
   *
   * @param aside where 0.1.0 kept the older run
   */
  void recover(Path aside) throws IOException {
    if (Files.isDirectory(stage)) {
      moveOut();
      if (!Checkpoints.any(stage)) {
        own.delete(stage);
      }
    }
    if (Files.exists(aside)) {
      own.requireOnly(aside);
      if (Files.exists(folder.resolve(RunFolder.MODEL))) {
        own.delete(aside);
      } else {
        own.requireOnly(folder);
        own.delete(folder);
        Files.move(aside, folder);
      }
    }
  }
}
