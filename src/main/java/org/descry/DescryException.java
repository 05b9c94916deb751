package org.descry;

/**
 * A mistake of the user's or of the outside world, told in one sentence that names the file, the
 * setting and the value, and says what was expected. The command line prints the message without a
 * stack trace and exits with {@link #exitCode}; each kind that has a code of its own is a subclass.
 */
public class DescryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DescryException(String message) {
    super(message);
  }

  public DescryException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What the command line exits with. */
  public ExitCode exitCode() {
    return ExitCode.FAILURE;
  }
}
