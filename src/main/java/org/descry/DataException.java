package org.descry;

/** A data set, an image, a text or a model cannot be read, is damaged or does not fit. */
public class DataException extends DescryException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(ExitCode.DATA, message, null);
  }

  public DataException(String message, Throwable cause) {
    super(ExitCode.DATA, message, cause);
  }
}
