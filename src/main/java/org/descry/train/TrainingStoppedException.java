package org.descry.train;

import org.descry.DescryException;

/** The job was asked to stop before its end; what it had saved stays. */
public final class TrainingStoppedException extends DescryException {
  private static final long serialVersionUID = 1L;

  public TrainingStoppedException(String message) {
    super(message);
  }
}
