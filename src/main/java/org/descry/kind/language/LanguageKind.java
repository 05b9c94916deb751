package org.descry.kind.language;

import java.util.Optional;
import org.descry.archive.ModelKind;
import org.descry.data.convert.DataGuess;
import org.descry.job.LanguageSettings;
import org.descry.job.TextDataSettings;
import org.descry.kind.JobDraft;
import org.descry.kind.Kind;

/** Predicts each word or character of a text from those before it. */
public final class LanguageKind {
  private static final String DRAFT =
      """
      model:
        type: language-rnn
        embedding: 0      # one-hot characters; a width such as 128 for words
        hidden: 256
        rnn: lstm

      data:
        source: text
        path: %s
        unit: character   # or word
        steps: 50         # how far gradients flow back
        validation: 0.05  # shares of the text held out
        test: 0.05

      training:
        epochs: 10
        batchSize: 32
        optimizer: {type: adam, learningRate: 0.002}
        gradientClipping: {norm: 5}
      """;

  public static final Kind KIND =
      new Kind(
          ModelKind.LANGUAGE_MODEL,
          LanguageSettings.class,
          job -> LanguageMetrics.of((TextDataSettings) job.data()),
          LanguageTask::load,
          TrainedLanguageModel::new,
          LanguageKind::draft);

  private LanguageKind() {}

  private static Optional<String> draft(DataGuess data) {
    return data.kind() == DataGuess.Kind.TEXT
        ? Optional.of(DRAFT.formatted(JobDraft.quoted(data.path())))
        : Optional.empty();
  }
}
