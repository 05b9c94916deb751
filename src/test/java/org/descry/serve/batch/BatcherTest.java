package org.descry.serve.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatcherTest {
  /** What is filled up takes as long as what is not: the rest goes with those who come. */
  @ParameterizedTest
  @CsvSource({
    "1 2 3 4 6 8 12, 1, 1",
    "1 2 3 4 6 8 12, 5, 4",
    "1 2 3 4 6 8 12, 11, 8",
    "1 2 3 4 6 8 12, 12, 12",
    "1 8 32, 7, 7",
    "1 8 32, 16, 8",
    "1 8 32, 17, 17",
    "1, 1, 1"
  })
  void takesWhatNeedsNoFillingUpUnlessThatIsFew(String sizes, int waiting, int taken) {
    List<Integer> known = Stream.of(sizes.split(" ")).map(Integer::valueOf).toList();
    assertThat(Batcher.take(waiting, known)).isEqualTo(taken);
  }
}
