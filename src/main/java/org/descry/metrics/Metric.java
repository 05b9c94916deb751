package org.descry.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;

/**
 * A number that says how a training went.
 *
 * @param name as in {@code metrics.jsonl} or {@code summary.json}, such as {@code
 *     validationAccuracy}
 * @param goal which way is better
 * @param description what it measures, in a phrase
 */
public record Metric(String name, Goal goal, String description) {
  /** Which way is better. */
  public enum Goal {
    MINIMIZE,
    MAXIMIZE;

    /** The smaller the better. */
    public double cost(double value) {
      return this == MINIMIZE ? value : -value;
    }

    /** The better value first; NaN last. */
    public Comparator<Double> bestFirst() {
      return Comparator.comparingDouble(this::cost);
    }
  }

  /** A metric that is better when it is smaller. */
  public static Metric cost(String name, String description) {
    return new Metric(name, Goal.MINIMIZE, description);
  }

  /** A metric that is better when it is larger. */
  public static Metric gain(String name, String description) {
    return new Metric(name, Goal.MAXIMIZE, description);
  }

  /**
   * The metric of a name.
   *
   * @throws NoSuchElementException if there is none
   */
  public static Metric named(String name, List<Metric> metrics) {
    return metrics.stream()
        .filter(metric -> metric.name.equals(name))
        .findFirst()
        .orElseThrow(
            () -> new NoSuchElementException("no metric %s in %s".formatted(name, metrics)));
  }

  /** The name as people write it: {@code validationBleu4} as "validation BLEU-4". */
  public static String words(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\bbleu(\\d)", "BLEU-$1")
        .replaceAll("\\bcider\\b", "CIDEr")
        .replaceAll("\\brouge l\\b", "ROUGE-L")
        .replaceAll("\\btop(\\d+)\\b", "top-$1");
  }

  /** The same as a heading: {@code validationBleu4} as "Validation BLEU-4". */
  public static String title(String name) {
    String words = words(name);
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
