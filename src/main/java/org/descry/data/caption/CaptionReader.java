package org.descry.data.caption;

import java.io.Closeable;
import java.io.IOException;

/** Reads an annotation file from front to back. */
interface CaptionReader extends Closeable {
  /** Returns the next caption, null after the last. */
  Caption read() throws IOException;
}
