package org.descry.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.io.IOUtils;
import org.descry.DescryException;
import org.descry.DiskException;

/** Holds a name in a folder for one process at a time; the system frees what a dead one held. */
public final class NameLock implements AutoCloseable {
  /** How often a name is tried that somebody else may only be asking about. */
  private static final int TRIES = 5;

  private static final long WAIT_NANOS = 20_000_000;

  /** What this process has open: closing another channel of such a file would free the name. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel file;

  private NameLock(Path path, FileChannel file) {
    this.path = path;
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
      Path path = path(dir, name);
      NameLock lock = tryTake(path);
      for (int i = 1; lock == null && i < TRIES; i++) {
        LockSupport.parkNanos(WAIT_NANOS);
        lock = tryTake(path);
      }
      if (lock == null) {
        throw new DescryException(
            "A %s named %s is running in %s already; expected one at a time: wait for it or set another name."
                .formatted(noun, name, dir));
      }
      return lock;
    } catch (IOException e) {
      throw cannotWrite(dir, e);
    }
  }

  /** Null if somebody else holds the name, or is asking about it. */
  private static NameLock tryTake(Path path) throws IOException {
    NameLock lock = open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = lock != null && lock.tryLock(false);
      return taken ? lock : null;
    } finally {
      if (lock != null && !taken) {
        lock.close();
      }
    }
  }

  /** Whether a process holds the name; no file is made for that. */
  public static boolean isTaken(Path dir, String name) {
    try (NameLock asked = open(path(dir, name), StandardOpenOption.READ)) {
      return asked == null || !asked.tryLock(true);
    } catch (IOException e) {
      return false; // nobody ever held it, or nobody may
    }
  }

  private static Path path(Path dir, String name) throws IOException {
    return dir.toRealPath().resolve("." + name + ".lock");
  }

  /** Null if this process has the file open. */
  private static NameLock open(Path path, OpenOption... options) throws IOException {
    if (!OPEN.add(path)) {
      return null;
    }
    try {
      return new NameLock(path, FileChannel.open(path, options));
    } catch (IOException e) {
      OPEN.remove(path);
      throw e;
    }
  }

  private boolean tryLock(boolean shared) throws IOException {
    try {
      return file.tryLock(0, Long.MAX_VALUE, shared) != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this class in another class loader
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
    IOUtils.closeQuietly(file); // and with it the lock; which goes with the process at the latest
    OPEN.remove(path);
  }
}
