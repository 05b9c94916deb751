package org.descry.job;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.descry.UsageException;

/** A job or sweep with mistakes; the message has a line for each, up to twenty. */
public final class InvalidJobException extends UsageException {
  private static final long serialVersionUID = 1L;

  private static final int MOST_SHOWN = 20;

  private final transient List<String> mistakes;

  public InvalidJobException(Collection<String> mistakes) {
    super(shown(mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  private static String shown(Collection<String> mistakes) {
    int more = mistakes.size() - MOST_SHOWN;
    String first = mistakes.stream().limit(MOST_SHOWN).collect(Collectors.joining("\n"));
    return more <= 0 ? first : first + "\nand " + more + " more.";
  }

  /** One sentence for each mistake, in the order of the schema. */
  public List<String> mistakes() {
    return mistakes;
  }
}
