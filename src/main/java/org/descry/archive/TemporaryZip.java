package org.descry.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.descry.io.IoErrors;

/** A zip that comes as a stream: its directory is at its end, so that it is put down first. */
final class TemporaryZip {
  /** No entry is larger than an array of Java's, and few are large. */
  private static final long LARGEST = 8L << 30;

  private static final int CHUNK = 1 << 16;

  private TemporaryZip() {}

  /**
   * @param name what the zip is called in messages
   * @param use is handed the file, which is deleted afterwards
   */
  static <T> T use(Path name, InputStream in, Function<Path, T> use) {
    Path file = null;
    try {
      file = Files.createTempFile("descry", ".zip");
      try (OutputStream out = Files.newOutputStream(file)) {
        copy(name, in, out);
      }
      return use.apply(file);
    } catch (IOException e) {
      throw IoErrors.unwritable(
          file == null ? Path.of(System.getProperty("java.io.tmpdir")) : file, e);
    } finally {
      delete(file);
    }
  }

  private static void copy(Path name, InputStream in, OutputStream out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long bytes = 0;
    for (int count = read(name, in, chunk); count >= 0; count = read(name, in, chunk)) {
      bytes += count;
      if (bytes > LARGEST) {
        throw Refusal.of(name, "has more than %,d bytes; expected a model zip.", LARGEST);
      }
      out.write(chunk, 0, count);
    }
  }

  private static int read(Path name, InputStream in, byte[] chunk) {
    try {
      return in.read(chunk);
    } catch (IOException e) {
      throw Refusal.of(name, e, "cannot be read: %s.", IoErrors.of(e));
    }
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
