package org.descry.data.caption.file;

import java.nio.file.Path;
import org.descry.data.BadRecordException;
import org.descry.io.Excerpt;

/**
 * Where a record of an annotation file stands.
 *
 * @param position such as {@code line 3} or {@code images[3]}
 * @param text for messages: {@code file:3} or {@code file, images[3]}
 */
public record Location(Path file, String position, String text) {
  static Location line(Path file, int number) {
    return new Location(file, "line " + number, file + ":" + number);
  }

  static Location element(Path file, String path) {
    return new Location(file, path, file + ", " + path);
  }

  /** A place in the element that stands here. */
  Location within(String more) {
    return new Location(file, position + more, text + more);
  }

  /** The record holds no usable caption; reading can go on behind it. */
  public BadRecordException bad(String reason) {
    return new BadRecordException(file, position, text + ": " + Excerpt.of(reason));
  }

  @Override
  public String toString() {
    return text;
  }
}
