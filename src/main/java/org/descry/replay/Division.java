package org.descry.replay;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.descry.engine.dnn.Team;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How a batch is divided into shards of examples that follow one another.
 *
 * @param parts number of shards
 * @param wholeBatch whether statistics of a batch are taken over all shards, not over each
 */
public record Division(int parts, boolean wholeBatch) {
  /**
   * Measured: halves took 6 to 11% less time at 4.6, up to 3% less at 10, as much at 2, more below.
   */
  private static final long VALUES_PER_PARAMETER = 3;

  static final Division HALVES = new Division(2, true);

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
  static long units(INDArray[]... batch) {
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
  boolean divides(INDArray[]... batch) {
    return units(batch) >= (wholeBatch ? parts : 2L * parts);
  }

  /** Where the shard of a rank ends among the units; 0 for rank -1. */
  long end(int rank, long units) {
    return ((rank + 1) * units + parts - 1) / parts;
  }
}
