package org.descry.sweep.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.descry.sweep.space.Dimension;
import org.junit.jupiter.api.Test;

class ShortNamesTest {
  @Test
  void aNameIsAsMuchOfTheKeyAsTellsItApart() {
    assertThat(names("model.hidden", "training.optimizer.learningRate"))
        .containsExactly("hidden", "learningRate");
    assertThat(names("training.optimizer.type", "training.optimizer.schedule.type"))
        .containsExactly("optimizer.type", "schedule.type");
    assertThat(names("seed", "model.seed")).containsExactly("seed", "model.seed");
    assertThat(names("model.stages[0].filters", "model.stages[1].filters"))
        .containsExactly("stages[0].filters", "stages[1].filters");
  }

  private static List<String> names(String... keys) {
    return List.copyOf(
        ShortNames.of(
                Arrays.stream(keys).map(key -> new Dimension(key, Dimension.Kind.UNIFORM)).toList())
            .values());
  }
}
