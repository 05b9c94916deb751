package org.descry.job;

import java.util.List;
import org.descry.UsageException;

/** A job with mistakes; the message has a line for each. */
public final class InvalidJobException extends UsageException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> mistakes;

  InvalidJobException(List<String> mistakes) {
    super(String.join("\n", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** One sentence for each mistake, in the order of the schema. */
  public List<String> mistakes() {
    return mistakes;
  }
}
