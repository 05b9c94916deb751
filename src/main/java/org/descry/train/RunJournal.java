package org.descry.train;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.TrainingState;

/** What a training leaves while it runs, and comes back to. */
interface RunJournal {
  /** Replaces the metrics of all epochs. */
  void metrics(List<EpochMetrics> done);

  /** Adds those of an epoch. */
  void add(EpochMetrics metrics);

  /** Saves the network as it is after an epoch, as the model to keep. */
  void model(EpochMetrics metrics);

  /** Whether the model that is kept is the one after an epoch. */
  boolean hasModel(EpochMetrics metrics);

  /** Keeps a checkpoint, and of the older ones those that are worth it. */
  void checkpoint(Checkpoint checkpoint, Metric selection);

  /** The newest checkpoint of a good state that is whole. */
  Optional<Checkpoint> newest(Predicate<TrainingState> good);
}
