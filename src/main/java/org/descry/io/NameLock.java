package org.descry.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.descry.DescryException;
import org.descry.DiskException;

/** Holds a name in a folder for one process at a time; the system frees what a dead one held. */
public final class NameLock implements AutoCloseable {
  private final FileChannel file;

  private NameLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the name, and makes the folder if there is none.
   *
   * @param dir that holds what is named
   * @param noun what the name is of, such as {@code job}
   * @throws DescryException if another process, or this one, holds it, or the folder cannot be
   *     written
   */
  public static NameLock take(Path dir, String name, String noun) {
    try {
      NewFolder.makeAll(dir);
      FileChannel file =
          FileChannel.open(
              dir.resolve("." + name + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      NameLock lock = new NameLock(file);
      if (tryLock(file) == null) {
        lock.close();
        throw new DescryException(
            "A %s named %s is running in %s already; expected one at a time: wait for it or set"
                    .formatted(noun, name, dir)
                + " another name.");
      }
      return lock;
    } catch (IOException e) {
      throw cannotWrite(dir, e);
    }
  }

  /** Whether a process holds the name; no file is made for that. */
  public static boolean isTaken(Path dir, String name) {
    try (FileChannel file =
        FileChannel.open(dir.resolve("." + name + ".lock"), StandardOpenOption.WRITE)) {
      return tryLock(file) == null;
    } catch (IOException e) {
      return false; // nobody ever held it, or nobody may
    }
  }

  private static FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  public static DescryException cannotWrite(Path dir, IOException e) {
    return new DiskException(
        "output.dir is %s, but expected a folder that can be written: %s."
            .formatted(dir, IoErrors.of(e)),
        e);
  }

  @Override
  public void close() {
    try {
      file.close(); // and with it the lock
    } catch (IOException e) {
      // Nothing depends on it: the lock goes with the process.
    }
  }
}
