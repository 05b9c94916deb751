package org.descry.data.caption.file;

import org.descry.DataException;
import org.descry.io.Excerpt;

/** One record of an annotation file that holds no usable caption; reading can go on behind it. */
public final class BadRecordException extends DataException {
  private static final long serialVersionUID = 1L;

  /**
   * @param location where the record stands
   */
  public BadRecordException(String location, String reason) {
    super(location + ": " + Excerpt.of(reason));
  }
}
