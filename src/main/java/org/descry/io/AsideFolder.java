package org.descry.io;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/** A folder for what is being made, gone with the last of its content when the program ends. */
public final class AsideFolder implements AutoCloseable {
  private static final int TRIES = 5;
  private static final long WAIT_MILLIS = 1000;

  private final Thread hook = new Thread(this::end, "aside-folder");
  private final CountDownLatch closed = new CountDownLatch(1);
  private Path folder;
  private volatile boolean ended;

  /**
   * @param prefix how its name begins
   */
  public AsideFolder(Path parent, String prefix) throws IOException {
    try {
      Runtime.getRuntime().addShutdownHook(hook); // first, for the program may end at any moment
    } catch (IllegalStateException e) { // it ends already
      awaitForever();
    }
    try {
      make(parent, prefix);
    } catch (IOException e) {
      unhook();
      throw e;
    }
  }

  private synchronized void make(Path parent, String prefix) throws IOException {
    if (ended) {
      awaitForever();
    }
    folder = Files.createTempDirectory(parent, prefix);
  }

  /** Whether one is there that is to go. */
  private synchronized boolean endsWithFolder() {
    ended = true;
    return folder != null;
  }

  public Path folder() {
    return folder;
  }

  private void end() {
    if (!endsWithFolder()) {
      return;
    }
    try {
      Path gone = folder.resolveSibling(folder.getFileName() + ".gone");
      Files.move(folder, gone); // whoever writes still has no folder for the next file
      bar();
      FileUtils.deleteQuietly(gone.toFile());
      closed.await(WAIT_MILLIS, TimeUnit.MILLISECONDS);
      FileUtils.deleteQuietly(folder.toFile());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      // The program ends; nobody is there to be told.
    }
  }

  /** Puts a file where the folder was: a writer would make the whole path anew. */
  private void bar() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      try {
        Files.createFile(folder);
        return;
      } catch (FileAlreadyExistsException e) {
        FileUtils.deleteQuietly(folder.toFile());
      }
    }
  }

  @Override
  public void close() {
    unhook();
    NewFolder.delete(folder);
  }

  private void unhook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      awaitEnd();
    }
  }

  /** That the writer's folder is gone is no failure to report: the program was told to end. */
  private void awaitEnd() {
    closed.countDown();
    if (ended) {
      awaitForever();
    }
  }

  private static void awaitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
