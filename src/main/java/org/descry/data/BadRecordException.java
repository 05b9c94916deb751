package org.descry.data;

import org.descry.DataException;
import org.descry.data.Intake.BadRecord;

/** One record of the data that cannot be used; reading can go on behind it. */
public final class BadRecordException extends DataException {
  private static final long serialVersionUID = 1L;

  private final transient BadRecord record;

  /**
   * @param file that it stands in
   * @param position in the file; null for all of it
   * @param sentence what is wrong, with the place
   */
  public BadRecordException(Object file, String position, String sentence) {
    super(sentence);
    record = new BadRecord(file.toString(), position, sentence);
  }

  /** Where it stands in its file, such as {@code line 3}; null for all of it. */
  public String position() {
    return record.position();
  }

  BadRecord record() {
    return record;
  }
}
