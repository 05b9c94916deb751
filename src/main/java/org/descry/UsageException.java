package org.descry;

/** The command line, a job file or a sweep file asks for what cannot be. */
public class UsageException extends DescryException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(ExitCode.USAGE, message, null);
  }

  public UsageException(String message, Throwable cause) {
    super(ExitCode.USAGE, message, cause);
  }
}
