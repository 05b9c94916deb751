package org.descry.kind.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.descry.UsageException;

/**
 * What a client asks of an answer, by name: numbers, flags and texts, or texts that say them.
 *
 * @param values as they came
 * @param heard is called for each piece of an answer as it is found, which is made only where it is
 *     asked for, and may throw to end the search
 */
public record Options(Map<String, Object> values, Consumer<Supplier<String>> heard) {
  /** Nothing in particular. */
  public static final Options NONE = new Options(Map.of(), piece -> {});

  /**
   * @throws UsageException if there is an option that is none of these
   */
  public void requireOnly(List<String> known) {
    List<String> others = new ArrayList<>(new TreeSet<>(values.keySet()));
    others.removeAll(known);
    if (!others.isEmpty()) {
      throw new UsageException(
          "There is no option %s; expected %s.".formatted(others.get(0), known));
    }
  }

  public boolean has(String name) {
    return values.get(name) != null;
  }

  /**
   * @throws UsageException if it is no whole number, or outside of the limits
   */
  public int integer(String name, int usual, int least, int most) {
    return (int) whole(name, usual, least, most);
  }

  /**
   * @throws UsageException as {@link #integer}
   */
  public long whole(String name, long usual, long least, long most) {
    Object value = values.get(name);
    if (value == null) {
      return usual;
    }
    try {
      long number =
          value instanceof Integer || value instanceof Long
              ? ((Number) value).longValue()
              : Long.parseLong(value.toString().strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw refusal(name, value, "a whole number from %s to %s".formatted(least, most));
  }

  /**
   * @throws UsageException if it is no number, or not above 0
   */
  public double positive(String name, double usual) {
    Object value = values.get(name);
    if (value == null) {
      return usual;
    }
    try {
      double number = Double.parseDouble(value.toString());
      if (number > 0 && Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw refusal(name, value, "a number above 0");
  }

  /**
   * @throws UsageException if it is neither true nor false
   */
  public boolean flag(String name) {
    Object value = values.get(name);
    return switch (String.valueOf(value)) {
      case "null", "false" -> false;
      case "true", "" -> true;
      default -> throw refusal(name, value, "true or false");
    };
  }

  private static UsageException refusal(String name, Object value, String expected) {
    String given = String.valueOf(value);
    return new UsageException(
        "Option %s is %s; expected %s."
            .formatted(
                name, given.length() > 40 ? given.substring(0, 40) + "..." : given, expected));
  }
}
