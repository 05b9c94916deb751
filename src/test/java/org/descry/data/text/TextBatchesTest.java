package org.descry.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.descry.DescryException;
import org.descry.data.EpochBatches;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class TextBatchesTest {
  private static int[] counting(int length) {
    return IntStream.range(0, length).toArray();
  }

  @Test
  void aRowContinuesWhereItEndedInTheBatchBefore() {
    EpochBatches batches = TextBatches.running(counting(14), 2, 3);
    assertThat(batches.batches()).isEqualTo(3);
    MultiDataSet first = batches.next();
    assertThat(first.getFeatures(0).toFloatMatrix())
        .isDeepEqualTo(new float[][] {{0, 1, 2}, {7, 8, 9}});
    assertThat(first.getLabels(0).toFloatMatrix())
        .isDeepEqualTo(new float[][] {{1, 2, 3}, {8, 9, 10}});
    assertThat(first.getFeatures(0).dataType()).isEqualTo(DataType.FLOAT);
    assertThat(first.getFeatures(0).stride()).containsExactly(1, 2);
    assertThat(first.getFeatures()).hasSize(1);
    assertThat(batches.next().getFeatures(0).toFloatMatrix())
        .isDeepEqualTo(new float[][] {{3, 4, 5}, {10, 11, 12}});
    MultiDataSet last = batches.next();
    assertThat(last.getFeatures(0).toFloatMatrix())
        .isDeepEqualTo(new float[][] {{6, 0, 0}, {0, 0, 0}});
    assertThat(last.getLabelsMaskArray(0).toFloatMatrix())
        .isDeepEqualTo(new float[][] {{1, 0, 0}, {0, 0, 0}});
    assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
  }

  @Property(tries = 100)
  void everyPairIsSeenOnce(
      @ForAll @IntRange(min = 2, max = 60) int length,
      @ForAll @IntRange(min = 1, max = 7) int batchSize,
      @ForAll @IntRange(min = 1, max = 9) int steps) {
    if (length <= steps) {
      assertThatThrownBy(() -> TextBatches.running(counting(length), batchSize, steps))
          .isInstanceOf(DescryException.class)
          .hasMessageContaining("%d tokens; expected at least %d".formatted(length, steps + 1));
      return;
    }
    EpochBatches batches = TextBatches.running(counting(length), batchSize, steps);
    List<Integer> said = new ArrayList<>();
    while (batches.hasNext()) {
      MultiDataSet batch = batches.next();
      float[] read = batch.getFeatures(0).ravel().toFloatVector();
      float[] next = batch.getLabels(0).ravel().toFloatVector();
      float[] mask = batch.getLabelsMaskArray(0).ravel().toFloatVector();
      for (int i = 0; i < mask.length; i++) {
        if (mask[i] == 1) {
          assertThat(next[i]).isEqualTo(read[i] + 1);
          said.add((int) next[i]);
        }
      }
    }
    assertThat(said)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(1, length).boxed().toList());
  }

  @Test
  void sentencesComeInAnOrderOfTheEpoch() {
    int[][] sentences =
        IntStream.range(0, 9).mapToObj(i -> new int[] {i, i, i, i}).toArray(int[][]::new);
    sentences[4] = new int[] {4};
    EpochBatches batches = TextBatches.sentences(sentences, 3, 2, 11);
    List<Integer> first = heads(batches);
    assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3, 5, 6, 7, 8);
    batches.reset();
    assertThat(heads(batches)).isNotEqualTo(first);
    batches.start(0, 0);
    assertThat(heads(batches)).isEqualTo(first);
  }

  private static List<Integer> heads(EpochBatches batches) {
    List<Integer> heads = new ArrayList<>();
    while (batches.hasNext()) {
      MultiDataSet batch = batches.next();
      assertThat(batch.getFeatures()).hasSize(1);
      for (float token : batch.getFeatures(0).getColumn(0).toFloatVector()) {
        heads.add((int) token);
      }
    }
    return heads;
  }

  @Test
  void shortSentencesAreFilledUp() {
    EpochBatches batches = TextBatches.sentences(new int[][] {{5, 6}}, 1, 3, 1);
    MultiDataSet batch = batches.next();
    assertThat(batch.getLabels(0).toFloatMatrix()).isDeepEqualTo(new float[][] {{6, 0, 0}});
    assertThat(batch.getLabelsMaskArray(0).toFloatMatrix())
        .isDeepEqualTo(new float[][] {{1, 0, 0}});
  }

  @Test
  void refusesWhatCannotBeRead() {
    assertThatThrownBy(() -> TextBatches.sentences(new int[][] {{1}, {}}, 1, 3, 1))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("None of the 2 lines");
    assertThatThrownBy(() -> TextBatches.running(counting(9), 0, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(TextBatches.running(counting(9), 1, 3).asyncSupported()).isFalse();
  }

  /** Lines of 2 to 60 tokens, short ones more often: every line once, hardly any padding. */
  @Test
  void bucketsHaveEveryLineOnceAndLittlePadding() {
    SplittableRandom random = new SplittableRandom(3);
    int[][] lines = new int[2000][];
    for (int i = 0; i < lines.length; i++) {
      double share = random.nextDouble();
      lines[i] = new int[2 + (int) (share * share * 58)];
      Arrays.fill(lines[i], i);
    }
    long[] bucketed = steps(TextBatches.bucketed(lines, 32, 60, 5), lines.length);
    long[] whole = steps(TextBatches.sentences(lines, 32, 60, 5), lines.length);
    assertThat(bucketed[0]).isEqualTo(whole[0]);
    assertThat(1 - (double) bucketed[0] / bucketed[1]).isLessThan(0.1);
    assertThat(1 - (double) whole[0] / whole[1]).isGreaterThan(0.5);
  }

  /** Real steps and computed steps of an epoch, in which each line stands once. */
  private static long[] steps(EpochBatches batches, int lines) {
    long real = 0;
    long computed = 0;
    int[] times = new int[lines];
    try (batches) {
      while (batches.hasNext()) {
        MultiDataSet batch = batches.next();
        INDArray mask = batch.getLabelsMaskArray(0);
        real += mask.sumNumber().longValue();
        computed += mask.length();
        for (int row = 0; row < mask.size(0); row++) {
          times[batch.getFeatures(0).getInt(row, 0)]++;
        }
      }
    }
    assertThat(times).containsOnly(1);
    return new long[] {real, computed};
  }
}
