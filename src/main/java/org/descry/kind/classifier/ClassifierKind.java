package org.descry.kind.classifier;

import org.descry.archive.ModelKind;
import org.descry.job.ClassifierSettings;
import org.descry.kind.Kind;

/** Tells classes of images apart. */
public final class ClassifierKind {
  public static final Kind KIND =
      new Kind(
          ModelKind.CLASSIFIER,
          ClassifierSettings.class,
          job -> ClassifierMetrics.ALL,
          ClassifierTask::load,
          TrainedClassifier::new,
          ClassifierDraft::of);

  private ClassifierKind() {}
}
