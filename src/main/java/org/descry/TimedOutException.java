package org.descry;

/** A model did not answer in the time that its caller had. */
public class TimedOutException extends DescryException {
  private static final long serialVersionUID = 1L;

  public TimedOutException(String message) {
    super(message);
  }
}
