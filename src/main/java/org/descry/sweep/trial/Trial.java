package org.descry.sweep.trial;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.descry.metrics.EpochMetrics;

/**
 * One training of a candidate.
 *
 * @param repeat from 0
 * @param seed of the job
 * @param score the objective; NaN if the training failed
 * @param measures further objectives, those that are known
 * @param seconds that it took
 * @param epochs what was measured after each epoch; empty if the training failed early
 * @param failure why it failed, in a sentence; null if it did not
 * @param died whether it failed because its process ended, which may not be its own fault
 * @param pruned whether it was ended before its last epoch, for others were better
 * @param folder the run folder, with the job file and, unless it failed, the model
 */
public record Trial(
    int repeat,
    long seed,
    double score,
    Map<String, Double> measures,
    double seconds,
    List<EpochMetrics> epochs,
    String failure,
    boolean died,
    boolean pruned,
    Path folder) {
  public Trial {
    measures = Map.copyOf(measures);
    epochs = List.copyOf(epochs);
  }

  /** One that was not pruned, with one objective. */
  public Trial(
      int repeat,
      long seed,
      double score,
      double seconds,
      List<EpochMetrics> epochs,
      String failure,
      boolean died,
      Path folder) {
    this(repeat, seed, score, Map.of(), seconds, epochs, failure, died, false, folder);
  }

  /** Whether it reached a score. */
  public boolean succeeded() {
    return failure == null;
  }

  /** The same after so many seconds more, of its earlier pieces. */
  public Trial after(double more) {
    return new Trial(
        repeat, seed, score, measures, seconds + more, epochs, failure, died, pruned, folder);
  }

  /** The same with another figure in place of one that it has, or without it. */
  Trial measured(String metric, Optional<Double> value) {
    Map<String, Double> changed = new LinkedHashMap<>(measures);
    changed.computeIfPresent(metric, (name, old) -> value.orElse(null));
    return new Trial(repeat, seed, score, changed, seconds, epochs, failure, died, pruned, folder);
  }

  /** The same with what is known of its epochs. */
  public Trial with(List<EpochMetrics> known) {
    return new Trial(repeat, seed, score, measures, seconds, known, failure, died, pruned, folder);
  }
}
