package org.descry.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class EpochBatchesTest {
  /** A batch that is the numbers of its items, and of its epoch. */
  private record Numbers(INDArray items, INDArray ofEpoch) implements EpochBatches.Buffer {
    Numbers(int size) {
      this(Nd4j.zeros(size, 1), Nd4j.zeros(1, 1));
    }

    @Override
    public void fill(int epoch, int[] order, int from) {
      for (int i = 0; i < items.size(0); i++) {
        items.putScalar(i, order[from + i]);
      }
      ofEpoch.assign(epoch);
    }

    @Override
    public MultiDataSet data() {
      return new MultiDataSet(items, ofEpoch);
    }
  }

  private static EpochBatches of(int items, int batchSize, int smallest) {
    return new EpochBatches(
        new EpochBatches.Order(items, epoch -> Seeds.random(7, epoch)),
        batchSize,
        smallest,
        Numbers::new);
  }

  private static List<String> rest(EpochBatches batches) {
    return IntStream.range(batches.step(), batches.batches())
        .mapToObj(
            i -> {
              var batch = batches.next();
              return batch.getFeatures(0).ravel() + " in epoch " + batch.getLabels(0).getInt(0);
            })
        .toList();
  }

  @Property(tries = 60)
  void anEpochThatIsEnteredInTheMiddleGoesOnAsIfUninterrupted(
      @ForAll @IntRange(min = 1, max = 40) int items,
      @ForAll @IntRange(min = 1, max = 12) int batchSize,
      @ForAll @IntRange(max = 3) int epoch,
      @ForAll @IntRange(max = 40) int step) {
    try (EpochBatches whole = of(items, batchSize, 1);
        EpochBatches resumed = of(items, batchSize, 1)) {
      for (int e = 0; e < epoch; e++) {
        rest(whole);
        whole.reset();
      }
      List<String> expected = rest(whole);
      assertThat(expected).hasSize((items + batchSize - 1) / batchSize);
      resumed.next();
      int skipped = Math.min(step, expected.size());
      resumed.start(epoch, skipped);
      assertThat(resumed.epoch()).isEqualTo(epoch);
      assertThat(resumed.step()).isEqualTo(skipped);
      assertThat(rest(resumed)).isEqualTo(expected.subList(skipped, expected.size()));
      assertThat(resumed.hasNext()).isFalse();
    }
  }

  @Test
  void aLastBatchThatIsTooSmallIsLeftOut() {
    assertThat(of(9, 4, 1).batches()).isEqualTo(3);
    assertThat(of(9, 4, 2).batches()).isEqualTo(2);
    assertThat(of(10, 4, 2).batches()).isEqualTo(3);
    assertThat(of(1, 4, 2).batches()).isZero();
    assertThat(of(0, 4, 1).hasNext()).isFalse();
  }

  @Test
  void refusesPlacesThatAreNotThere() {
    try (EpochBatches batches = of(9, 4, 1)) {
      batches.start(2, 3);
      assertThat(batches.hasNext()).isFalse();
      assertThatThrownBy(() -> batches.start(0, 4))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("from 0 to 3, got: 0 and 4");
      assertThatThrownBy(() -> batches.start(-1, 0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> batches.next(3)).isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> of(9, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
