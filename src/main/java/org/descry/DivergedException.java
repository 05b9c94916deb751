package org.descry;

/** The loss of a training is no longer finite. */
public class DivergedException extends DescryException {
  private static final long serialVersionUID = 1L;

  public DivergedException(String message) {
    super(ExitCode.DIVERGED, message, null);
  }
}
