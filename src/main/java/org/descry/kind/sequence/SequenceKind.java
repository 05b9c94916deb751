package org.descry.kind.sequence;

import java.util.Optional;
import org.descry.archive.ModelKind;
import org.descry.data.convert.DataGuess;
import org.descry.job.SequenceSettings;
import org.descry.kind.JobDraft;
import org.descry.kind.Kind;

/** Tells classes of sequences apart. */
public final class SequenceKind {
  private static final String DRAFT =
      """
      model:
        type: sequence-rnn
        embedding: 16     # width of a token's vector; 0 for numbers
        hidden: 64
        rnn: lstm
        bidirectional: true

      data:
        source: sequences
        path: %s
        unit: character   # or word
        maxSteps: 200     # longest sequence, in tokens or steps

      training:
        epochs: 12
        batchSize: 32
        optimizer: {type: adam, learningRate: 0.005}
      """;

  public static final Kind KIND =
      new Kind(
          ModelKind.SEQUENCE_CLASSIFIER,
          SequenceSettings.class,
          job -> SequenceMetrics.of((SequenceSettings) job.model()),
          SequenceTask::load,
          TrainedSequenceClassifier::new,
          SequenceKind::draft);

  private SequenceKind() {}

  private static Optional<String> draft(DataGuess data) {
    return data.kind() == DataGuess.Kind.SEQUENCES
        ? Optional.of(DRAFT.formatted(JobDraft.quoted(data.path())))
        : Optional.empty();
  }
}
