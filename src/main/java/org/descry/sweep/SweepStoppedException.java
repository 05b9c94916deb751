package org.descry.sweep;

import org.descry.DescryException;

/** The sweep was asked to stop before its end; what it had done stays. */
public final class SweepStoppedException extends DescryException {
  private static final long serialVersionUID = 1L;

  SweepStoppedException(String message) {
    super(message);
  }
}
