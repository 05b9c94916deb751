package org.descry.engine.dnn;

/** oneDNN refused to make or run something. */
final class DnnException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int UNIMPLEMENTED = 3;

  DnnException(int status) {
    super("oneDNN answered with status " + status);
  }

  /** Where oneDNN has nothing, or nothing fast, for what is asked: ND4J has to do it. */
  static DnnException unsupported() {
    return new DnnException(UNIMPLEMENTED);
  }
}
