package org.descry.train.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.descry.metrics.Evaluation;
import org.descry.report.Html;

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
    facts.put("Test loss", Html.number(testLoss));
    scores.forEach((name, value) -> facts.put(name, Html.number(value)));
    return facts;
  }

  @Override
  public String text() {
    return headline();
  }
}
