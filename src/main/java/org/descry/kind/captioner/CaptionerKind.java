package org.descry.kind.captioner;

import org.descry.archive.Manifest;
import org.descry.job.CaptionerSettings;
import org.descry.kind.Kind;

/** Says what is on an image. */
public final class CaptionerKind {
  public static final Kind KIND =
      new Kind(
          Manifest.CAPTIONER,
          CaptionerSettings.class,
          job -> CaptionerMetrics.ALL,
          CaptionerTask::load,
          TrainedCaptioner::new);

  private CaptionerKind() {}
}
