package org.descry.kind.language;

import org.descry.archive.Manifest;
import org.descry.job.LanguageSettings;
import org.descry.job.TextDataSettings;
import org.descry.kind.Kind;

/** Predicts each word or character of a text from those before it. */
public final class LanguageKind {
  public static final Kind KIND =
      new Kind(
          Manifest.LANGUAGE_MODEL,
          LanguageSettings.class,
          job -> LanguageMetrics.of((TextDataSettings) job.data()),
          LanguageTask::load,
          TrainedLanguageModel::new);

  private LanguageKind() {}
}
