package org.descry.archive;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import javax.imageio.spi.IIORegistry;

/**
 * Reads what the first model zip of a command line says of itself, on a thread of its own and for
 * nobody: who reads JSON for the first time waits for a thousand classes, which are loaded here
 * beside the reading of the command line and the start of the engine. ND4J's native part is not
 * touched. What is wrong with a file is for the command to tell.
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
