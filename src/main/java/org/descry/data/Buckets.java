package org.descry.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.lang3.ArrayUtils;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Items of different lengths in batches of about one length, which are padded to one of a few
 * lengths: whoever records steps keeps them for a few shapes only. The batches of an epoch depend
 * on the seed and the epoch alone. For any number of threads.
 */
public final class Buckets {
  /** Lengths that are told apart; one shape more is that of a last, smaller batch. */
  private static final int MOST = 14;

  /** Lengths that are looked at as the end of a bucket. */
  private static final int CANDIDATES = 128;

  /** A share of padding that more buckets are not worth. */
  private static final double LITTLE_PADDING = 0.04;

  /** Tells the order of batches from those of items. */
  private static final long ORDER = 0xB0C;

  private final int[] lengths;
  private final int batchSize;
  private final long seed;
  private final boolean shuffled;
  private final int[] limits;
  private int arrangedEpoch = -1;
  private int[] arranged;

  /**
   * A batch.
   *
   * @param steps that its items are padded to
   * @param items by their numbers
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Batch(int steps, int[] items) {}

  private Buckets(int[] lengths, int batchSize, long seed, boolean shuffled, int[] limits) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("Expected a batch size of at least 1, got: " + batchSize);
    }
    this.lengths = lengths.clone();
    this.batchSize = batchSize;
    this.seed = seed;
    this.shuffled = shuffled;
    this.limits = limits;
  }

  /** For training: items in a new order each epoch. */
  public static Buckets of(int[] lengths, int batchSize, long seed) {
    return new Buckets(lengths, batchSize, seed, true, limits(lengths));
  }

  /** For training without buckets: all batches are padded to the longest item. */
  public static Buckets single(int[] lengths, int batchSize, long seed) {
    int[] limit = {Arrays.stream(lengths).max().orElse(1)};
    return new Buckets(lengths, batchSize, seed, true, limit);
  }

  /** For evaluation: shortest items first. */
  public static Buckets inOrder(int[] lengths, int batchSize) {
    return new Buckets(lengths, batchSize, 0, false, limits(lengths));
  }

  /** Makes the memory of batches of so many items, which are padded to so many steps. */
  @FunctionalInterface
  public interface Buffers {
    EpochBatches.Buffer of(int items, int steps);
  }

  /** Epochs of the batches, in an order of their own each; those for evaluation in their order. */
  public EpochBatches epochs(Buffers buffers) {
    EpochBatches.Order order =
        shuffled
            ? new EpochBatches.Order(batches(), epoch -> Seeds.random(seed, epoch, ORDER))
            : EpochBatches.Order.fixed(batches());
    return new EpochBatches(order, 1, one -> new ByShape(buffers));
  }

  /** A buffer for each shape. */
  private final class ByShape implements EpochBatches.Buffer {
    private final Buffers buffers;
    private final Map<Long, EpochBatches.Buffer> byShape = new HashMap<>();
    private EpochBatches.Buffer filled;

    ByShape(Buffers buffers) {
      this.buffers = buffers;
    }

    @Override
    public void fill(int epoch, int[] order, int from) {
      Batch batch = batch(epoch, order[from]);
      filled =
          byShape.computeIfAbsent(
              (long) batch.steps << Integer.SIZE | batch.items.length,
              shape -> buffers.of(batch.items.length, batch.steps));
      filled.fill(epoch, batch.items, 0);
    }

    @Override
    public MultiDataSet data() {
      return filled.data();
    }
  }

  /** The number of batches in an epoch. */
  public int batches() {
    return (lengths.length + batchSize - 1) / batchSize;
  }

  /**
   * A batch of an epoch.
   *
   * @param number from 0, in no particular order of lengths
   */
  public Batch batch(int epoch, int number) {
    int from = number * batchSize;
    int[] items =
        Arrays.copyOfRange(order(epoch), from, Math.min(lengths.length, from + batchSize));
    int longest = Arrays.stream(items).map(item -> lengths[item]).max().orElse(1);
    return new Batch(limits[bucket(longest)], items);
  }

  /** Bucket by bucket, shuffled within each. */
  private synchronized int[] order(int epoch) {
    if (arrangedEpoch != epoch) {
      int[] order = new int[lengths.length];
      int at = 0;
      for (int b = 0; b < limits.length; b++) {
        int bucket = b;
        int[] members =
            IntStream.range(0, lengths.length)
                .filter(item -> bucket(lengths[item]) == bucket)
                .toArray();
        if (shuffled) {
          Seeds.shuffle(members, Seeds.random(seed, epoch, bucket));
        }
        System.arraycopy(members, 0, order, at, members.length);
        at += members.length;
      }
      arranged = order;
      arrangedEpoch = epoch;
    }
    return arranged;
  }

  private int bucket(int length) {
    int bucket = 0;
    while (limits[bucket] < length) {
      bucket++;
    }
    return bucket;
  }

  /**
   * The fewest limits with little padding, each a length that there is; the last is the longest.
   */
  private static int[] limits(int[] lengths) {
    int[] sorted = Arrays.stream(lengths).sorted().toArray();
    if (sorted.length == 0) {
      return new int[] {1};
    }
    int[] candidates =
        IntStream.rangeClosed(1, CANDIDATES)
            .map(i -> sorted[(int) ((long) i * (sorted.length - 1) / CANDIDATES)])
            .distinct()
            .toArray();
    long[] count = new long[candidates.length + 1];
    for (int c = 0, i = 0; c < candidates.length; c++) {
      while (i < sorted.length && sorted[i] <= candidates[c]) {
        i++;
      }
      count[c + 1] = i;
    }
    long needed = Arrays.stream(sorted).asLongStream().sum();
    // cost[c]: the least steps for all up to candidate c with the buckets so far, chosen[c].
    long[] cost = new long[candidates.length];
    int[][] chosen = new int[candidates.length][];
    for (int c = 0; c < candidates.length; c++) {
      cost[c] = count[c + 1] * candidates[c];
      chosen[c] = new int[] {candidates[c]};
    }
    int last = candidates.length - 1;
    for (int buckets = 1; buckets < MOST && cost[last] * (1 - LITTLE_PADDING) > needed; buckets++) {
      long[] less = cost.clone();
      int[][] better = chosen.clone();
      for (int c = 0; c < candidates.length; c++) {
        for (int before = 0; before < c; before++) {
          long steps = cost[before] + (count[c + 1] - count[before + 1]) * candidates[c];
          if (steps < less[c]) {
            less[c] = steps;
            better[c] = ArrayUtils.add(chosen[before], candidates[c]);
          }
        }
      }
      cost = less;
      chosen = better;
    }
    return chosen[last];
  }
}
