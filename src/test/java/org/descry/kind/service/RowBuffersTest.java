package org.descry.kind.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.descry.engine.Engine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class RowBuffersTest {
  @BeforeAll
  static void start() {
    Engine.start();
  }

  private static List<float[]> rows(int count) {
    return IntStream.range(0, count).mapToObj(i -> new float[] {i, -i}).toList();
  }

  @Test
  void nothingIsFilledUpForAnswers() {
    RowBuffers buffers = RowBuffers.ofVectors(2, List.of(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64));
    List<Long> asked = new ArrayList<>();
    for (int count = 1; count <= 200; count++) {
      asked.clear();
      List<float[]> answers =
          buffers.answers(
              rows(count),
              batch -> {
                asked.add(batch.size(0));
                return batch.mul(2);
              });
      assertThat(asked.stream().mapToLong(size -> size).sum()).isEqualTo(count);
      assertThat(answers).hasSize(count);
      for (int i = 0; i < count; i++) {
        assertThat(answers.get(i)).containsExactly(2 * i, -2 * i);
      }
    }
    buffers.answers(
        rows(100),
        batch -> {
          asked.add(batch.size(0));
          return batch;
        });
    assertThat(asked).endsWith(64L, 32L, 4L);
  }

  @Test
  void anArrayThatIsWrittenAnewIsReadAnew() {
    RowBuffers buffers = RowBuffers.ofVectors(2, List.of(1));
    INDArray[] same = new INDArray[1];
    for (int i = 0; i < 3; i++) {
      float[] row = {i, 1};
      List<float[]> answers =
          buffers.answers(
              List.of(row),
              batch -> {
                same[0] = same[0] == null ? batch.dup() : same[0].assign(batch);
                return same[0];
              });
      assertThat(answers.get(0)).containsExactly(row);
    }
  }
}
