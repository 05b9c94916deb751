package org.descry.data.caption.file;

import java.io.Closeable;
import java.io.IOException;
import org.descry.data.BadRecordException;

/** Reads an annotation file from front to back. */
interface CaptionReader extends Closeable {
  /**
   * Returns the next caption, null after the last.
   *
   * @throws BadRecordException if a record holds none; the next call goes on behind it
   */
  Caption read() throws IOException;
}
