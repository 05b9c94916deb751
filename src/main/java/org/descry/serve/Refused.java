package org.descry.serve;

import org.descry.DescryException;

/** A request that is not answered, and the HTTP status that says why. */
public final class Refused extends DescryException {
  private static final long serialVersionUID = 1L;

  private final int status;

  public Refused(int status, String message) {
    this(status, message, null);
  }

  public Refused(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** Such as 404. */
  public int status() {
    return status;
  }

  /** Whether the same request may do better a moment later. */
  public boolean passing() {
    return status == 429 || status == 503;
  }

  /** There are as many questions as may wait. */
  public static Refused full(int waiting) {
    return new Refused(
        429, "%s questions are waiting already; expected another try later.".formatted(waiting));
  }

  /** The deadline passed before there was an answer. */
  public static Refused late() {
    return new Refused(
        504, "There was no answer within the time allowed; expected a longer Inference-Timeout.");
  }

  /** What was asked is no longer in service. */
  public static Refused gone() {
    return new Refused(503, "The model is going out of service; expected another try.");
  }
}
