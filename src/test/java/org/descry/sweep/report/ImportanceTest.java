package org.descry.sweep.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.descry.sweep.SyntheticSweep;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Trial;
import org.junit.jupiter.api.Test;

class ImportanceTest {
  private static final Path FOLDER = Path.of("runs");

  @Test
  void theSettingThatDecidesIsFoundAndADummyIsNot() {
    Importance importance = Importance.of(SyntheticSweep.of(120, 1, FOLDER));
    assertThat(importance.r2()).isGreaterThan(0.9);
    assertThat(importance.caution()).isNull();
    assertThat(importance.drops().keySet())
        .containsExactly(
            SyntheticSweep.RATE,
            SyntheticSweep.WIDTH,
            SyntheticSweep.OPTIMIZER,
            SyntheticSweep.DUMMY);
    assertThat(importance.drops().get(SyntheticSweep.RATE)).isGreaterThan(1);
    assertThat(importance.drops().get(SyntheticSweep.WIDTH)).isBetween(0.005, 0.3);
    assertThat(importance.drops().get(SyntheticSweep.OPTIMIZER)).isCloseTo(0, within(0.01));
    assertThat(importance.drops().get(SyntheticSweep.DUMMY)).isCloseTo(0, within(0.02));
    double margin = importance.margins().get(SyntheticSweep.RATE);
    assertThat(margin).isPositive().isLessThan(importance.drops().get(SyntheticSweep.RATE));
    assertThat(Math.abs(importance.drops().get(SyntheticSweep.DUMMY)))
        .isLessThan(margin + importance.margins().get(SyntheticSweep.DUMMY));
  }

  @Test
  void aChoiceThatDecidesIsFound() {
    List<Trial> trials =
        IntStream.range(0, 30).mapToObj(i -> trial(i % 3 == 1 ? 0.2 + 0.001 * i : 0.9)).toList();
    Importance importance =
        Importance.of(
            SyntheticSweep.single(
                Dimension.Kind.CHOICE,
                IntStream.range(0, 30)
                    .<JsonNode>mapToObj(
                        i -> JsonNodeFactory.instance.textNode("abc".substring(i % 3, i % 3 + 1)))
                    .toList(),
                trials));
    assertThat(importance.drops().get("model.setting")).isGreaterThan(0.8);
  }

  /** What more candidates say is said with more confidence. */
  @Test
  void moreCandidatesMakeItSurer() {
    double few = Importance.of(SyntheticSweep.of(30, 1, FOLDER)).margins().get(SyntheticSweep.RATE);
    double many =
        Importance.of(SyntheticSweep.of(240, 1, FOLDER)).margins().get(SyntheticSweep.RATE);
    assertThat(many).isLessThan(few);
  }

  @Test
  void theSameResultsHaveTheSameImportance() {
    SweepResults results = SyntheticSweep.of(40, 1, FOLDER);
    assertThat(Importance.of(results)).isEqualTo(Importance.of(results));
  }

  @Test
  void aHandfulOfCandidatesSaysNothing() {
    Importance importance = Importance.of(SyntheticSweep.of(9, 1, FOLDER));
    assertThat(importance.r2()).isNull();
    assertThat(importance.drops()).isEmpty();
    assertThat(importance.caution()).startsWith("Only 9 candidates");
  }

  @Test
  void equalScoresSayNothing() {
    Importance importance = numbers(Collections.nCopies(20, 0.5));
    assertThat(importance.drops()).isEmpty();
    assertThat(importance.caution()).contains("same score");
  }

  @Test
  void scoresThatHaveNothingToDoWithTheSettingsSayNothing() {
    Importance importance =
        numbers(IntStream.range(0, 20).mapToObj(i -> (double) (i * 7919 % 101)).toList());
    assertThat(importance.r2()).isLessThan(0.3);
    assertThat(importance.caution()).isNotNull();
  }

  @Test
  void oneThatDivergedCountsAsThePlaceThatItHas() {
    Importance calm = numbers(IntStream.range(0, 20).mapToObj(i -> (double) i).toList());
    Importance wild =
        numbers(IntStream.range(0, 20).mapToObj(i -> i == 19 ? 1e300 : (double) i).toList());
    assertThat(wild).isEqualTo(calm);
  }

  @Test
  void valuesThatAreNoNumbersDoNoHarm() {
    List<JsonNode> values =
        IntStream.range(0, 20)
            .<JsonNode>mapToObj(i -> JsonNodeFactory.instance.textNode("value " + i))
            .toList();
    List<Trial> trials = IntStream.range(0, 20).mapToObj(i -> trial(0.01 * i)).toList();
    Importance importance =
        Importance.of(SyntheticSweep.single(Dimension.Kind.UNIFORM, values, trials));
    assertThat(importance.drops()).isEmpty();
  }

  private static Importance numbers(List<Double> scores) {
    return Importance.of(
        SyntheticSweep.single(
            Dimension.Kind.UNIFORM,
            IntStream.range(0, scores.size())
                .<JsonNode>mapToObj(i -> JsonNodeFactory.instance.numberNode(i))
                .toList(),
            scores.stream().map(ImportanceTest::trial).toList()));
  }

  private static Trial trial(double score) {
    return SyntheticSweep.success(0, score, FOLDER);
  }
}
