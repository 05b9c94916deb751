package org.descry.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.descry.DescryException;
import org.descry.DiskException;
import org.descry.UsageException;

/** Folders that appear whole or not at all: filled under another name beside, then renamed. */
public final class NewFolder {
  private NewFolder() {}

  /** Fills a folder. */
  public interface Content {
    void writeTo(Path folder) throws IOException;
  }

  /**
   * @throws DescryException if {@code folder} exists or cannot be written
   */
  public static void create(Path folder, Content content) {
    requireNew(folder);
    Path target = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(target.getParent());
      String prefix = "." + target.getFileName() + "-";
      try (AsideFolder aside = new AsideFolder(target.getParent(), prefix)) {
        Path inner = Files.createDirectory(aside.folder().resolve("content")); // usual permissions
        content.writeTo(inner);
        Files.move(inner, target, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw IoErrors.unwritable(folder, e);
    }
  }

  /**
   * Finds before long work that {@link #create} would fail after it; leaves nothing.
   *
   * @throws DescryException if it would
   */
  public static void requireNew(Path folder) {
    if (Files.exists(folder.toAbsolutePath().normalize())) {
      throw new UsageException("Folder " + folder + " exists already and is not overwritten.");
    }
    requireMakeable(folder);
  }

  /**
   * Finds before long work that a folder is not there and cannot be made; leaves nothing.
   *
   * @throws DiskException if it is so
   */
  public static void requireMakeable(Path folder) {
    Path there = folder.toAbsolutePath().normalize();
    while (!Files.exists(there)) {
      there = there.getParent();
      if (there == null) { // a drive that this machine does not have
        throw IoErrors.unwritable(folder, new NoSuchFileException(folder.toString()));
      }
    }
    if (!Files.isDirectory(there)) {
      throw IoErrors.unwritable(folder, new NotDirectoryException(there.toString()));
    }
    if (!Files.isWritable(there)) {
      throw IoErrors.unwritable(folder, new AccessDeniedException(there.toString()));
    }
  }

  /**
   * Makes a folder and all that is missing on the way, what the path turns back from too: without
   * {@code a}, nothing is found at {@code a/../b}.
   */
  public static void makeAll(Path folder) throws IOException {
    Path made = folder.isAbsolute() ? folder.getRoot() : Path.of("");
    for (Path name : folder) {
      made = made.resolve(name);
      if (!Files.isDirectory(made)) {
        Files.createDirectories(made);
      }
    }
  }

  /** Deletes a folder of the program's own with all that is in it. */
  public static void delete(Path folder) {
    try {
      List<Path> paths = new ArrayList<>(Listing.below(folder));
      Collections.reverse(paths);
      for (Path path : paths) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new DiskException("Folder " + folder + " cannot be removed: " + IoErrors.of(e), e);
    }
  }
}
