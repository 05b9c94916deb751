package org.descry.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
   * @return what the job trains on, as far as it was read; empty if the job itself fails
   * @throws DescryException that the job fails with, if candidates all over the space fail too
   */
  static Optional<Read> refuse(SweepPlan plan, SharedData shared) {
    Engine.start();
    Tried tried = attempt(plan.job(), shared);
    if (tried.mistake != null && PLACES.stream().allMatch(place -> fails(plan, place))) {
      throw tried.mistake;
    }
    return Optional.ofNullable(tried.read);
  }

  private static boolean fails(SweepPlan plan, double place) {
    double[] everywhere = new double[plan.space().numParameters()];
    Arrays.fill(everywhere, place);
    try {
      Job candidate = plan.with(plan.space().getValue(everywhere)).job();
      return attempt(candidate, SharedData.none()).mistake != null;
    } catch (DescryException e) { // settings that do not go together
      return true;
    }
  }

  private static Tried attempt(Job job, SharedData shared) {
    try {
      Task.Limits limits = new Task.Limits(BATCHES * job.training().batchSize());
      Task.Data data = Kinds.load(job, limits, shared).data();
      return new Tried(new Read(data.fingerprint(), data.weights()), null);
    } catch (DescryException e) {
      return new Tried(null, e);
    } catch (OutOfMemoryError e) { // a worker's memory may be larger than this program's
      return new Tried(null, null);
    }
  }

  /**
   * What a job trains on.
   *
   * @param fingerprint of the data
   * @param weights as {@link Task.Data#weights}
   */
  record Read(String fingerprint, Map<String, String> weights) {}

  private record Tried(Read read, DescryException mistake) {}
}
