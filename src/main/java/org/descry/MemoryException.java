package org.descry;

/** Not enough memory for what is asked. */
public class MemoryException extends DescryException {
  private static final long serialVersionUID = 1L;

  public MemoryException(String message) {
    super(message);
  }

  public MemoryException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.MEMORY;
  }
}
