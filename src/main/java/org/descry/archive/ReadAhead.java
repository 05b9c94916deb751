package org.descry.archive;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import javax.imageio.spi.IIORegistry;

/**
 * Reads what the model zips of a command line say of themselves, on a thread of its own and for
 * nobody: reading JSON for the first time loads a thousand classes, which it does here beside the
 * reading of the command line and the start of the engine. It touches nothing of ND4J that the
 * engine has a say in. Whatever is wrong with a file the command itself finds and tells.
 */
public final class ReadAhead {
  private static final String SUFFIX = ".zip";

  private final CountDownLatch logging = new CountDownLatch(1);

  private ReadAhead() {}

  /** Begins with the first model among some words, if there is one and a processor to spare. */
  public static ReadAhead of(String... words) {
    ReadAhead ahead = new ReadAhead();
    boolean spare = Runtime.getRuntime().availableProcessors() > 1;
    for (String word : words) {
      if (spare && word.endsWith(SUFFIX) && isFile(word)) {
        Thread reader = new Thread(() -> ahead.read(Path.of(word)), "read-ahead");
        reader.setDaemon(true);
        reader.setUncaughtExceptionHandler((thread, failure) -> {});
        reader.start();
        break;
      }
    }
    return ahead;
  }

  private static boolean isFile(String word) {
    try {
      return Files.isRegularFile(Path.of(word));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** From now on loggers may be made: what is logged, and how, has been chosen. */
  public void mayLog() {
    logging.countDown();
  }

  private void read(Path file) {
    SealedZip.read(
        file,
        file,
        zip -> {
          Manifest manifest = zip.manifest();
          awaitLogging();
          zip.configuration();
          return manifest.image() == null ? null : IIORegistry.getDefaultInstance();
        });
  }

  private void awaitLogging() {
    try {
      logging.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while nobody waits for it", e);
    }
  }
}
