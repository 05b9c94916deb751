package org.descry.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void aLinearScaleEndsAtRoundNumbers() {
    Scale scale = Scale.linear(List.of(0.13, 0.97));
    assertThat(labels(scale)).containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
    assertThat(scale.share(0)).isEqualTo(0);
    assertThat(scale.share(0.5)).isCloseTo(0.5, within(1e-12));
    assertThat(scale.share(1)).isCloseTo(1, within(1e-12));
  }

  @Test
  void whatStaysTheSameIsInTheMiddle() {
    Scale scale = Scale.linear(List.of(0.01, 0.01));
    assertThat(labels(scale)).containsExactly("0.008", "0.010", "0.012");
    assertThat(scale.share(0.01)).isCloseTo(0.5, within(1e-9));
    assertThat(labels(Scale.linear(List.of(1e-6)))).containsExactly("8e-7", "1e-6", "1.2e-6");
  }

  @Property
  void labelsAreNoLongerThanTheirPlace(@ForAll @Size(min = 1, max = 5) List<Float> values) {
    // A chart has room for nine characters left of its axis.
    List<Double> drawn = values.stream().map(Float::doubleValue).toList();
    assertThat(labels(Scale.linear(drawn))).allMatch(label -> label.length() <= 9);
  }

  @Test
  void aLogarithmicScaleIsLabelledByDecades() {
    Scale scale = Scale.logarithmic(List.of(1e-5, 0.1));
    assertThat(labels(scale)).containsExactly("1e-5", "1e-4", "0.001", "0.01", "0.1");
    assertThat(scale.share(1e-3)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void withinADecadeALogarithmicScaleIsLabelledByRoundNumbers() {
    assertThat(labels(Scale.logarithmic(List.of(0.2, 0.9)))).contains("0.2", "0.5");
    assertThat(labels(Scale.logarithmic(List.of(0.61, 0.64)))).hasSizeGreaterThan(1);
  }

  @Test
  void onlyPositiveValuesOfVeryDifferentMagnitudeAreDrawnLogarithmically() {
    assertThat(Scale.fitting(List.of(0.5, 2.0)).share(-1)).isNotNaN();
    assertThat(Scale.fitting(List.of(0.5, 2e9)).share(-1)).isNaN();
    assertThat(Scale.fitting(List.of(0.0, 2e9)).share(-1)).isNotNaN();
  }

  @Test
  void countingIsLabelledByWholeNumbers() {
    assertThat(labels(Scale.counting(1))).containsExactly("1");
    assertThat(labels(Scale.counting(4))).containsExactly("1", "2", "3", "4");
    assertThat(labels(Scale.counting(18)))
        .containsExactly("2", "4", "6", "8", "10", "12", "14", "16", "18");
    assertThat(labels(Scale.counting(300))) // so few that none has to be left out
        .containsExactly("50", "100", "150", "200", "250", "300");
  }

  @Test
  void categoriesHaveEqualPlaces() {
    Scale scale = Scale.categories(List.of("a", "b"));
    assertThat(scale.share(0)).isEqualTo(0.25);
    assertThat(scale.share(1)).isEqualTo(0.75);
  }

  @Property
  void whateverTheValuesThereAreFewTicksAndPlacesWithinTheEnds(
      @ForAll @Size(max = 20) List<Double> values) {
    for (Scale scale :
        List.of(Scale.linear(values), Scale.logarithmic(values), Scale.fitting(values))) {
      assertThat(scale.ticks()).hasSizeBetween(1, 20);
      assertThat(scale.ticks()).allMatch(tick -> tick.share() > -0.6 && tick.share() < 1.6);
      assertThat(values).allMatch(value -> inside(scale.share(value)));
    }
  }

  private static boolean inside(double share) {
    return Double.isNaN(share) || (share >= -1e-6 && share <= 1 + 1e-6);
  }

  private static List<String> labels(Scale scale) {
    return scale.ticks().stream().map(Scale.Tick::label).toList();
  }
}
