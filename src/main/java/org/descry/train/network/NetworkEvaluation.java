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
    return measures().entrySet().stream()
        .map(one -> one.getKey().replaceFirst("Test ", "") + " " + Html.number(one.getValue()))
        .collect(Collectors.joining(", "));
  }

  @Override
  public Map<String, Double> measures() {
    Map<String, Double> measures = new LinkedHashMap<>();
    measures.put("Test loss", testLoss);
    measures.putAll(scores);
    return measures;
  }

  @Override
  public String text() {
    return headline();
  }
}
