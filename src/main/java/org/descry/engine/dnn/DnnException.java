package org.descry.engine.dnn;

/** oneDNN refused to make or run something. */
final class DnnException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DnnException(int status) {
    super("oneDNN answered with status " + status);
  }
}
