package org.descry.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineChartTest {
  @Test
  void aValueThatIsNotANumberLeavesAGap() {
    String svg = svg(List.of(3.0, 2.0, Double.NaN, 1.0, 0.5));
    assertThat(svg.split("<polyline")).hasSize(3);
    assertThat(svg).doesNotContain("NaN").contains("training, epoch 5: 0.5");
  }

  @Test
  void theLineGoesOnOverWhatWasNotMeasured() {
    String svg = svg(Arrays.asList(null, 3.0, null, null, 1.0, null));
    assertThat(svg.split("<polyline")).hasSize(2);
    assertThat(svg).contains("training, epoch 2: 3", "training, epoch 5: 1");
    assertThat(svg.split("<circle")).hasSize(3);
  }

  @Test
  void aLoneValueIsADotHoweverManyCurvesThereAre() {
    List<Double> many = Collections.nCopies(500, 1.0);
    String svg =
        LineChart.svg(
            "Loss",
            "",
            List.of(
                new LineChart.Series("many", "class='train'", many),
                new LineChart.Series("one", "class='held'", List.of(2.0))));
    assertThat(svg.split("<circle")).hasSize(2);
  }

  @Test
  void withoutAnyValueThereIsAnEmptyFrame() {
    assertThat(svg(List.of())).contains("<svg").doesNotContain("NaN", "polyline");
    assertThat(LineChart.svg("Loss", "", List.of())).contains("<svg").doesNotContain("NaN");
  }

  private static String svg(List<Double> values) {
    return LineChart.svg(
        "Loss", "", List.of(new LineChart.Series("training", "class='train'", values)));
  }
}
