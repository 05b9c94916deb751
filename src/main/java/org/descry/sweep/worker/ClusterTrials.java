package org.descry.sweep.worker;

import java.util.List;
import java.util.ServiceLoader;
import org.descry.kind.Cluster;

/** Trainings of a sweep on many machines, where the program was built with them. */
public interface ClusterTrials {
  /**
   * Trains on a cluster whose executors see the sweep's folder under the same path.
   *
   * @param master of the cluster
   * @throws org.descry.UsageException if the program was built without one
   */
  static TrialRunner.Factory on(String master) {
    ClusterTrials trials =
        ServiceLoader.load(ClusterTrials.class).findFirst().orElseThrow(Cluster::missing);
    return (workers, threads, retries, metrics) -> trials.create(master, threads, retries, metrics);
  }

  /** As {@link TrialRunner.Factory}. */
  TrialRunner create(String master, int threads, int retries, List<String> metrics);
}
