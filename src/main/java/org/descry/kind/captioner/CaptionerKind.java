package org.descry.kind.captioner;

import java.nio.file.Path;
import java.util.List;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.job.CaptionerSettings;
import org.descry.job.Job;
import org.descry.job.ModelSettings;
import org.descry.kind.Kind;
import org.descry.kind.TrainedModel;
import org.descry.metrics.Metric;
import org.descry.train.Task;

/** Says what is on an image. */
public final class CaptionerKind implements Kind {
  @Override
  public String name() {
    return Manifest.CAPTIONER;
  }

  @Override
  public Class<? extends ModelSettings> model() {
    return CaptionerSettings.class;
  }

  @Override
  public List<Metric> metrics(Job job) {
    return CaptionerMetrics.ALL;
  }

  @Override
  public Task load(Job job, Task.Limits limits) {
    return CaptionerTask.load(job, limits);
  }

  @Override
  public TrainedModel open(Path source, ModelArchive archive) {
    return new TrainedCaptioner(source, archive);
  }
}
