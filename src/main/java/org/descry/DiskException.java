package org.descry;

/** A file or folder cannot be written. */
public class DiskException extends DescryException {
  private static final long serialVersionUID = 1L;

  public DiskException(String message, Throwable cause) {
    super(ExitCode.DISK, message, cause);
  }
}
