package org.descry.cluster;

import org.descry.DescryException;
import org.descry.ExitCode;

/** A failure of an executor's, told as if it had been the driver's. */
final class RankException extends DescryException {
  private static final long serialVersionUID = 1L;

  RankException(ExitCode code, String message) {
    super(code, message, null);
  }
}
