package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions of a search that cannot hold. */
class ConditionMistakesTest {
  /** Every branch is tried before anything runs: those that the job itself is not in too. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {model.layers: {choice: [1, 2], when: {model.hiden: 4}}, model.hidden: {choice: [4, 8]}} | search.model.layers.when: model.hiden is not searched (did you mean model.hidden?); expected one of model.layers, model.hidden.
          {model.layers: {choice: [1, 2], when: {training.batchSize: 1}}} | search.model.layers.when: training.batchSize is not searched; expected one of model.layers.
          {model.layers: {choice: [1, 2], when: {model.hidden: 5}}, model.hidden: {choice: [4, 8]}} | model.hidden is never 5; expected one of 4, 8.
          {model.layers: {choice: [1, 2], when: {model.hidden: [4, 7]}}, model.hidden: {int: [4, 8], step: 2}} | model.hidden is never 7; expected a whole number from 4 to 8 in steps of 2.
          {model.layers: {choice: [1, 2], when: {model.hidden: []}}, model.hidden: {choice: [4, 8]}} | model.hidden is [], but expected at least one value.
          {model.layers: {choice: [1, 2], when: {}}, model.hidden: {choice: [4, 8]}} | search.model.layers.when is
          {model.layers: {choice: [1, 2], when: {training.l2: 0.1}}, training.l2: {uniform: [0, 1]}} | training.l2 has a continuum of values; expected a setting with choice or int.
          {model.layers: {choice: [1, 2], when: {model.layers: 1}}} | when: model.layers waits for itself, but expected no circle.
          {model.layers: {choice: [1, 2], when: {model.hidden: 4}}, model.hidden: {choice: [4, 8], when: {model.layers: 1}}} | waits for model.layers, but expected no circle.
          {model.layers: {choice: [1, 2], when: {model.hidden: 4, training.epochs: 1}}, training.epochs: {choice: [1, 2], when: {model.hidden: 8}}, model.hidden: {choice: [4, 8]}} | search.model.layers.when: the conditions never hold together
          {training.optimizer.momentum: {uniform: [0.5, 1.5]}, training.optimizer.type: {choice: [adam, nesterov]}} | search.training.optimizer.momentum: training.optimizer.momentum is 1.5
          {training.optimizer.momentun: {uniform: [0.5, 0.9]}, training.optimizer.type: {choice: [adam, nesterov]}} | unknown key training.optimizer.momentun
          {training.optimizer.momentum: {uniform: [0.5, 0.9]}, training.optimizer.type: {choice: [adam, sgd]}} | unknown key training.optimizer.momentum
          {training.optimizer.type: {choice: [adam, nestorov]}} | training.optimizer.type is "nestorov"
          {training.optimizer.momentum: {uniform: [0.5, 0.9], when: {training.optimizer.type: adam}}, training.optimizer.type: {choice: [adam, nesterov]}} | search.training.optimizer.momentum.when: the conditions never hold together
          """)
  void mistakesInConditionsAreNamed(String search, String message) {
    Sweeps.assertMistake(
        () -> Sweeps.plan(Sweeps.job("search: " + search + "\nbudget: {candidates: 3}")), message);
  }

  /** A chain in which each setting waits for both values of all before it. */
  @Test
  void conditionsThatMultiplyWithoutEndAreRefused() {
    List<String> keys =
        List.of(
            "model.hidden",
            "model.layers",
            "model.embedding",
            "data.steps",
            "data.minCount",
            "training.epochs",
            "training.batchSize",
            "training.warmUpEpochs",
            "training.maxSteps",
            "training.evaluateEvery",
            "training.l2",
            "training.optimizer.learningRate");
    String search =
        IntStream.range(0, keys.size())
            .mapToObj(
                i ->
                    "  %s: {choice: [1, 2]%s}\n"
                        .formatted(
                            keys.get(i),
                            i == 0
                                ? ""
                                : keys.subList(0, i).stream()
                                    .collect(
                                        Collectors.joining(
                                            ": [1, 2], ", ", when: {", ": [1, 2]}"))))
            .collect(Collectors.joining("", "search:\n", "budget: {candidates: 3}"));
    assertThatThrownBy(() -> Sweeps.plan(Sweeps.job(search)))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("sweep.yaml: search.training.")
        .hasMessageEndingWith(
            ".when: its conditions hold in more than 1000 ways, but expected fewer: fewer values"
                + " or fewer conditions on conditions.");
  }
}
