package org.descry.data.caption.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.BadRecordException;
import org.descry.io.Excerpt;
import org.descry.io.IoErrors;
import org.descry.io.Json;

/** An annotation file that is open; whatever is wrong with it becomes a {@link DescryException}. */
public final class CaptionFile implements AutoCloseable {
  private final Path file;
  private CaptionReader reader;

  private CaptionFile(Path file) {
    this.file = file;
  }

  /**
   * Opens an annotation file.
   *
   * @throws DescryException if there is none, or its beginning is not of the format
   */
  public static CaptionFile open(Path file, CaptionFormat format) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "The caption file %s %s; expected a file of captions."
              .formatted(file, Files.isDirectory(file) ? "is a folder" : "does not exist"));
    }
    CaptionFile opened = new CaptionFile(file);
    opened.reader = opened.read(() -> format.open(file));
    return opened;
  }

  /** Whether a file begins as one of captions does. */
  public static boolean isCaptions(Path file) {
    try {
      open(file, CaptionFormat.AUTO).close();
      return true;
    } catch (DataException e) {
      return false;
    }
  }

  /**
   * Returns the next caption, null after the last.
   *
   * @throws BadRecordException if a record holds none; the next call goes on behind it
   * @throws DescryException if the file is damaged from here on
   */
  public Caption next() {
    return read(reader::read);
  }

  @Override
  public void close() {
    read(
        () -> {
          reader.close();
          return null;
        });
  }

  private <T> T read(Step<T> step) {
    try {
      return step.run();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new DataException(
          file + ":" + line + ": not valid JSON: " + Excerpt.of(Json.reason(e)), e);
    } catch (CharacterCodingException e) {
      throw new DataException(
          "The caption file %s is %s; expected UTF-8 text.".formatted(file, IoErrors.of(e)), e);
    } catch (IOException e) {
      throw new DataException("Cannot read the caption file " + file + ": " + IoErrors.of(e), e);
    }
  }

  private interface Step<T> {
    T run() throws IOException;
  }
}
