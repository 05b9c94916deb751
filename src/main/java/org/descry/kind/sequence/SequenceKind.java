package org.descry.kind.sequence;

import org.descry.archive.Manifest;
import org.descry.job.SequenceSettings;
import org.descry.kind.Kind;

/** Tells classes of sequences apart. */
public final class SequenceKind {
  public static final Kind KIND =
      new Kind(
          Manifest.SEQUENCE_CLASSIFIER,
          SequenceSettings.class,
          job -> SequenceMetrics.of((SequenceSettings) job.model()),
          SequenceTask::load,
          TrainedSequenceClassifier::new);

  private SequenceKind() {}
}
