package org.descry.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.descry.DescryException;
import org.descry.data.SharedData;
import org.descry.engine.Engine;
import org.descry.job.Job;
import org.descry.kind.Kinds;
import org.descry.train.Task;

/**
 * What every candidate would fail at: data that are missing or damaged, a network that does not fit
 * them, an engine that does not start.
 */
final class SharedMistakes {
  /** Where in the space candidates are tried: at both ends of every setting, and in the middle. */
  private static final List<Double> PLACES = List.of(0.0, 0.5, 1 - 1e-9);

  /** So many batches of each part: a network may refuse to be trained on a single example. */
  private static final int BATCHES = 2;

  private SharedMistakes() {}

  /**
   * Reads the data and builds a network as a candidate does. Starts the engine, unless it runs
   * already.
   *
   * @param shared gets what of the data is decoded
   * @throws DescryException that the job fails with, if candidates all over the space fail too
   */
  static void refuse(SweepPlan plan, SharedData shared) {
    Engine.start();
    Optional<DescryException> mistake = mistake(plan.job(), shared);
    if (mistake.isPresent() && PLACES.stream().allMatch(place -> fails(plan, place))) {
      throw mistake.get();
    }
  }

  private static boolean fails(SweepPlan plan, double place) {
    double[] everywhere = new double[plan.space().numParameters()];
    Arrays.fill(everywhere, place);
    try {
      return mistake(plan.with(plan.space().getValue(everywhere)).job(), SharedData.none())
          .isPresent();
    } catch (DescryException e) { // settings that do not go together
      return true;
    }
  }

  private static Optional<DescryException> mistake(Job job, SharedData shared) {
    try {
      Kinds.load(job, new Task.Limits(BATCHES * job.training().batchSize()), shared);
      return Optional.empty();
    } catch (DescryException e) {
      return Optional.of(e);
    } catch (OutOfMemoryError e) { // a worker's memory may be larger than this program's
      return Optional.empty();
    }
  }
}
