package org.descry.job.schema;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.descry.UsageException;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;

/** Reads files of settings, as far as they can be some. */
public final class YamlFiles {
  private static final int LARGEST = 1 << 20;

  private YamlFiles() {}

  /**
   * The text of a file.
   *
   * @throws UsageException if it is missing, no regular file, larger than 1 MB, or not UTF-8
   */
  public static String read(Path file) {
    try {
      return text(file);
    } catch (NoSuchFileException e) {
      String hint =
          file.toString().startsWith("builtin:")
              ? " (builtin: names texts for data.path, and no jobs)"
              : "";
      throw new UsageException(
          file + ": no such file; expected a job file in YAML" + hint + ".", e);
    } catch (CharacterCodingException e) {
      throw new UsageException(
          "%s: %s; expected a job file in YAML.".formatted(file, IoErrors.of(e)), e);
    } catch (IOException e) {
      String what = Files.isDirectory(file) ? "a folder" : "unreadable (" + IoErrors.of(e) + ")";
      throw new UsageException(file + ": " + what + "; expected a job file in YAML.", e);
    }
  }

  private static String text(Path file) throws IOException {
    if (EndingFiles.isEndless(file)) {
      throw new UsageException(file + ": not a regular file; expected a job file in YAML.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new UsageException(
            file + ": larger than 1 MB (1,048,576 bytes); expected a job file in YAML.");
      }
      return EndingFiles.text(bytes);
    }
  }
}
