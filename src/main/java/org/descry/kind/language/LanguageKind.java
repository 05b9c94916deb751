package org.descry.kind.language;

import java.nio.file.Path;
import java.util.List;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.job.Job;
import org.descry.job.LanguageSettings;
import org.descry.job.ModelSettings;
import org.descry.job.TextDataSettings;
import org.descry.kind.Kind;
import org.descry.kind.TrainedModel;
import org.descry.metrics.Metric;
import org.descry.train.Task;

/** Predicts each word or character of a text from those before it. */
public final class LanguageKind implements Kind {
  @Override
  public String name() {
    return Manifest.LANGUAGE_MODEL;
  }

  @Override
  public Class<? extends ModelSettings> model() {
    return LanguageSettings.class;
  }

  @Override
  public List<Metric> metrics(Job job) {
    return LanguageMetrics.of((TextDataSettings) job.data());
  }

  @Override
  public Task load(Job job, Task.Limits limits) {
    return LanguageTask.load(job, limits);
  }

  @Override
  public TrainedModel open(Path source, ModelArchive archive) {
    return new TrainedLanguageModel(source, archive);
  }
}
