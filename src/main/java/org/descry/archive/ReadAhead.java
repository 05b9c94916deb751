package org.descry.archive;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import javax.imageio.spi.IIORegistry;
import org.slf4j.LoggerFactory;

/**
 * Reads what the first model zip of a command line says of itself, on a thread of its own and for
 * nobody: who reads JSON for the first time waits for a thousand classes, which are loaded here
 * beside the reading of the command line and the start of the engine. ND4J's native part is not
 * touched. What is wrong with a file is for the command to tell.
 */
public final class ReadAhead {
  private static final String SUFFIX = ".zip";

  /** Of a manifest, and of a configuration: what is read twice must not fill a heap. */
  private static final long LARGEST = 1 << 20;

  private static final long LEAST_HEAP = 512 << 20;

  private final CountDownLatch logging = new CountDownLatch(1);
  private boolean begun;

  private ReadAhead() {}

  /**
   * Begins with the first model among some words, if there is one, and a processor and memory to
   * spare.
   */
  public static ReadAhead of(String... words) {
    ReadAhead ahead = new ReadAhead();
    Runtime machine = Runtime.getRuntime();
    if (machine.availableProcessors() > 1 && machine.maxMemory() >= LEAST_HEAP) {
      Arrays.stream(words)
          .filter(word -> word.endsWith(SUFFIX) && isFile(word))
          .findFirst()
          .ifPresent(word -> ahead.begin(Path.of(word)));
    }
    return ahead;
  }

  private void begin(Path file) {
    Thread reader = new Thread(() -> read(file), "read-ahead");
    reader.setDaemon(true);
    reader.setUncaughtExceptionHandler((thread, failure) -> {});
    try {
      reader.start();
      begun = true;
    } catch (OutOfMemoryError e) { // no thread to be had: the command goes on with its own
      begun = false;
    }
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
    if (begun) {
      LoggerFactory.getILoggerFactory(); // of two threads that set it up one would be told of it
      logging.countDown();
    }
  }

  private void read(Path file) {
    SealedZip.read(
        file,
        file,
        zip -> {
          if (zip.isAtMost(LARGEST)) {
            boolean ofImages = zip.manifest().image() != null;
            awaitLogging();
            zip.configuration();
            return ofImages ? IIORegistry.getDefaultInstance() : null;
          }
          return null;
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
