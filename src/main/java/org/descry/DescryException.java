package org.descry;

/**
 * A mistake of the user's or of the outside world, told in one sentence that names the file, the
 * setting and the value, and says what was expected. The command line prints the message without a
 * stack trace and exits with {@link #exitCode}; each kind that has a code of its own is a subclass.
 */
public class DescryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  public DescryException(String message) {
    this(message, null);
  }

  public DescryException(String message, Throwable cause) {
    this(ExitCode.FAILURE, message, cause);
  }

  /** Of a kind that has an exit code of its own. */
  protected DescryException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What the command line exits with. */
  public final ExitCode exitCode() {
    return exitCode;
  }
}
