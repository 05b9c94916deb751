package org.descry.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Batches of about one length: all items once, in few shapes, with little padding. */
class BucketsTest {
  private static int[] lengths(long seed, int count, int most) {
    SplittableRandom random = new SplittableRandom(seed);
    // Short ones are more frequent, as in texts.
    return random.doubles(count).mapToInt(share -> 1 + (int) (share * share * most)).toArray();
  }

  @Property(tries = 60)
  void eachItemStandsOnceInABatchThatHoldsIt(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 400) int count,
      @ForAll @IntRange(min = 1, max = 40) int batchSize,
      @ForAll @IntRange(min = 1, max = 90) int most) {
    int[] lengths = lengths(seed, count, most);
    Buckets buckets = Buckets.of(lengths, batchSize, seed);
    int[] times = new int[count];
    TreeSet<Integer> shapes = new TreeSet<>();
    for (int i = 0; i < buckets.batches(); i++) {
      Buckets.Batch batch = buckets.batch(3, i);
      shapes.add(batch.steps());
      for (int item : batch.items()) {
        times[item]++;
        assertThat(lengths[item]).isLessThanOrEqualTo(batch.steps());
      }
      assertThat(batch.items().length).isEqualTo(Math.min(batchSize, count - i * batchSize));
    }
    assertThat(times).containsOnly(1);
    assertThat(shapes.size()).isLessThanOrEqualTo(14);
  }

  @Test
  void paddingIsLessThanATenth() {
    int[] lengths = lengths(5, 5000, 60);
    assertThat(padding(lengths, Buckets.single(lengths, 32, 1), 0)).isGreaterThan(0.5);
    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(padding(lengths, Buckets.of(lengths, 32, 1), epoch)).isLessThan(0.1);
    }
    assertThat(padding(lengths, Buckets.inOrder(lengths, 32), 0)).isLessThan(0.1);
  }

  /** The share of an epoch's steps that are padding. */
  private static double padding(int[] lengths, Buckets buckets, int epoch) {
    long computed =
        IntStream.range(0, buckets.batches())
            .mapToObj(number -> buckets.batch(epoch, number))
            .mapToLong(batch -> (long) batch.steps() * batch.items().length)
            .sum();
    return 1 - (double) IntStream.of(lengths).asLongStream().sum() / computed;
  }

  @Test
  void theOrderDependsOnSeedAndEpochAlone() {
    int[] lengths = lengths(6, 300, 30);
    Buckets one = Buckets.of(lengths, 16, 9);
    Buckets other = Buckets.of(lengths, 16, 9);
    other.batch(7, 0); // another epoch in between
    int[] first = all(one, 2);
    assertThat(all(other, 2)).isEqualTo(first);
    assertThat(all(one, 3)).isNotEqualTo(first);
    assertThat(all(Buckets.of(lengths, 16, 10), 2)).isNotEqualTo(first);
    assertThat(Arrays.stream(first).sorted().toArray())
        .isEqualTo(IntStream.range(0, 300).toArray());
  }

  private static int[] all(Buckets buckets, int epoch) {
    return IntStream.range(0, buckets.batches())
        .flatMap(i -> Arrays.stream(buckets.batch(epoch, i).items()))
        .toArray();
  }
}
