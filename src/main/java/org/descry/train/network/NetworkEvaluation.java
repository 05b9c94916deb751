package org.descry.train.network;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.descry.metrics.Evaluation;

/**
 * What was measured of a program's network.
 *
 * @param testLoss mean of the examples' losses, without regularisation
 * @param scores the program's own figures, by name
 */
record NetworkEvaluation(double testLoss, Map<String, Double> scores) implements Evaluation {
  NetworkEvaluation {
    scores = new TreeMap<>(scores);
  }

  @Override
  public String headline() {
    return facts().entrySet().stream()
        .map(fact -> fact.getKey().replaceFirst("Test ", "") + " " + fact.getValue())
        .collect(Collectors.joining(", "));
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Test loss", number(testLoss));
    scores.forEach((name, value) -> facts.put(name, number(value)));
    return facts;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  @Override
  public String text() {
    return headline();
  }
}
