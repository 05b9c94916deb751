package org.descry.replay;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.descry.engine.dnn.Team;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * How a batch is divided into shards of examples that follow one another.
 *
 * @param parts number of shards
 * @param wholeBatch whether statistics of a batch are taken over all shards, not over each
 * @param rounds whether gradients are rounded to bfloat16, each before it is added and their sum
 */
public record Division(int parts, boolean wholeBatch, boolean rounds) {
  /**
   * Measured: halves took 6 to 11% less time at 4.6, up to 3% less at 10, as much at 2, more below.
   */
  private static final long VALUES_PER_PARAMETER = 3;

  static final Division HALVES = new Division(2, true);

  /** That rounds nothing. */
  public Division(int parts, boolean wholeBatch) {
    this(parts, wholeBatch, false);
  }

  public Division {
    if (parts < 1) {
      throw new IllegalArgumentException("expected at least 1 part, got " + parts);
    }
  }

  /**
   * Whether two halves take less time than the whole. Each half reads all parameters and writes a
   * gradient of each, which has to be outweighed.
   *
   * @param values that the layers hand on to one another
   */
  static boolean halvesAreFaster(LongSupplier values, long parameters) {
    return Team.size() == 2 && values.getAsLong() >= VALUES_PER_PARAMETER * parameters;
  }

  /**
   * What a batch can be divided between: examples, or images with all of their captions.
   *
   * @param batch arrays in groups; a group may be null, and an array in it
   * @return 0 where the arrays have no common units
   */
  public static long units(INDArray[]... batch) {
    long[] rows =
        Arrays.stream(batch)
            .filter(Objects::nonNull)
            .flatMap(Arrays::stream)
            .filter(Objects::nonNull)
            .mapToLong(array -> array.rank() < 2 ? 0 : array.size(0))
            .toArray();
    long fewest = Arrays.stream(rows).min().orElse(0);
    return fewest > 0 && Arrays.stream(rows).allMatch(count -> count % fewest == 0) ? fewest : 0;
  }

  /** Whether each of the arrays has one row for every example. */
  static boolean rowsAreExamples(INDArray[]... batch) {
    long units = units(batch);
    return units > 0
        && Arrays.stream(batch)
            .filter(Objects::nonNull)
            .flatMap(Arrays::stream)
            .allMatch(array -> array == null || array.size(0) == units);
  }

  /** Whether every shard gets an example, and several where it has statistics of its own. */
  public boolean divides(INDArray[]... batch) {
    return divides(units(batch));
  }

  private boolean divides(long units) {
    return units >= (wholeBatch ? parts : 2L * parts);
  }

  /** Where the examples that a rank works on begin and end, of a batch of so many. */
  public int[] stretch(int rank, int examples) {
    return divides(examples)
        ? new int[] {(int) end(rank - 1, examples), (int) end(rank, examples)}
        : new int[] {0, examples};
  }

  /** Where the shard of a rank ends among the units; 0 for rank -1. */
  long end(int rank, long units) {
    return ((rank + 1) * units + parts - 1) / parts;
  }

  /**
   * The shard of a rank, in views of the batch's arrays.
   *
   * @param batch as for {@link #units}
   */
  public INDArray[][] shard(int rank, INDArray[]... batch) {
    long units = units(batch);
    long from = end(rank - 1, units);
    long to = end(rank, units);
    return Arrays.stream(batch)
        .map(arrays -> arrays == null ? null : rows(arrays, from, to, units))
        .toArray(INDArray[][]::new);
  }

  private static INDArray[] rows(INDArray[] arrays, long from, long to, long units) {
    return Arrays.stream(arrays)
        .map(
            array -> {
              if (array == null) {
                return null;
              }
              long each = array.size(0) / units;
              return array.get(NDArrayIndex.interval(from * each, to * each));
            })
        .toArray(INDArray[]::new);
  }
}
