package org.descry;

/** Not enough memory for what is asked. */
public class MemoryException extends DescryException {
  private static final long serialVersionUID = 1L;

  public MemoryException(String message) {
    super(ExitCode.MEMORY, message, null);
  }
}
