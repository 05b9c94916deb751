package org.descry.sweep.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.ToDoubleFunction;
import org.descry.DescryException;
import org.descry.job.JobFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionSearchTest {
  private static final ToDoubleFunction<Values> BOWL =
      values ->
          Math.pow(values.number("x") - 0.3, 2)
              + Math.pow(Math.log10(values.number("rate")) + 2, 2)
              + Math.abs(values.whole("n") - 5) / 10.0
              + (values.text("kind").equals("good") ? 0 : 1);

  private static FunctionSearch search() {
    return FunctionSearch.minimize()
        .uniform("x", 0, 1)
        .logUniform("rate", 1e-4, 1)
        .whole("n", 1, 9)
        .choice("kind", "bad", "good", "worse");
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "tpe", "cma-es", "sobol", "genetic"})
  void everyStrategyFindsTheSameAgain(String strategy) {
    FunctionSearch.Result result = search().strategy(strategy).seed(4).run(60, BOWL);
    assertThat(result.trials()).hasSize(60);
    assertThat(result.best().score()).isLessThan(0.8);
    assertThat(result.best().score())
        .isEqualTo(
            result.trials().stream().mapToDouble(FunctionSearch.Trial::score).min().orElseThrow());
    assertThat(search().strategy(strategy).seed(4).run(60, BOWL)).isEqualTo(result);
    assertThat(search().strategy(strategy).seed(5).run(60, BOWL)).isNotEqualTo(result);
  }

  @Test
  void learnsFromWhatItIsTold() {
    double learnt = search().seed(1).run(80, BOWL).best().score();
    double drawn = search().strategy("random").seed(1).run(80, BOWL).best().score();
    assertThat(learnt).isLessThan(drawn);
  }

  @Test
  void theLargestIsBestIfItIsSaidSo() {
    FunctionSearch.Result result =
        FunctionSearch.maximize().whole("n", 1, 3).run(100, values -> values.whole("n"));
    assertThat(result.trials()).hasSize(3);
    assertThat(result.best().score()).isEqualTo(3);
  }

  @Test
  void aFailureIsACandidateAndAllOfThemAreOne() {
    FunctionSearch search = FunctionSearch.maximize().whole("n", 1, 4);
    FunctionSearch.Result result =
        search.run(
            9,
            values -> {
              if (values.whole("n") == 4) {
                throw new DescryException("Too large.");
              }
              return values.whole("n") == 1 ? Double.NaN : 1;
            });
    assertThat(result.trials())
        .extracting(FunctionSearch.Trial::failure)
        .containsExactlyInAnyOrder(
            "Too large.", "The score is NaN; expected a number.", null, null);
    assertThatThrownBy(() -> search.run(9, values -> Double.NaN))
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "All 4 candidates failed, the first one so: The score is NaN; expected a number.");
    assertThatThrownBy(
            () ->
                search.run(
                    9,
                    values -> {
                      throw new IllegalStateException("a mistake of the program");
                    }))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesRangesAndNamesThatAreNone() {
    FunctionSearch search = FunctionSearch.minimize();
    assertThatThrownBy(() -> search.uniform("x", 2, 1)).hasMessageContaining("smaller bound first");
    assertThatThrownBy(() -> search.logUniform("x", 0, 1)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> search.strategy("annealing")).hasMessageEndingWith("got: annealing");
    assertThatThrownBy(() -> search.uniform("x", 0, 1).run(1, values -> values.number("y")))
        .hasMessage("no value y in [x]");
  }

  @Test
  void changesAJob() {
    JobFile job = JobFile.parse("job", "model: {type: convnet}\n");
    FunctionSearch.Trial best =
        FunctionSearch.minimize().choice("model.dropout", 0.5).run(1, values -> 1).best();
    assertThat(best.values().in(job).set("name=x")).isNotNull();
    assertThatThrownBy(() -> best.values().in(job).set("name=x").job())
        .hasMessageContaining("stages");
  }
}
