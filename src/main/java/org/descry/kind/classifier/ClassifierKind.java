package org.descry.kind.classifier;

import java.nio.file.Path;
import java.util.List;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.job.ClassifierSettings;
import org.descry.job.Job;
import org.descry.job.ModelSettings;
import org.descry.kind.Kind;
import org.descry.kind.TrainedModel;
import org.descry.metrics.Metric;
import org.descry.train.Task;

/** Tells classes of images apart. */
public final class ClassifierKind implements Kind {
  @Override
  public String name() {
    return Manifest.CLASSIFIER;
  }

  @Override
  public Class<? extends ModelSettings> model() {
    return ClassifierSettings.class;
  }

  @Override
  public List<Metric> metrics(Job job) {
    return ClassifierMetrics.ALL;
  }

  @Override
  public Task load(Job job, Task.Limits limits) {
    return ClassifierTask.load(job, limits);
  }

  @Override
  public TrainedModel open(Path source, ModelArchive archive) {
    return new TrainedClassifier(source, archive);
  }
}
