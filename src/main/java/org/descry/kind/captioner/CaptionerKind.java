package org.descry.kind.captioner;

import java.nio.file.Path;
import java.util.Optional;
import org.descry.archive.ModelKind;
import org.descry.data.convert.DataGuess;
import org.descry.job.CaptionerSettings;
import org.descry.kind.JobDraft;
import org.descry.kind.Kind;

/** Says what is on an image. */
public final class CaptionerKind {
  private static final String DRAFT =
      """
      model:
        type: captioning-rnn
        stages:           # of the encoder: conv - batch norm - relu - 2x2 max pool
          - {filters: 32}
          - {filters: 64}
          - {filters: 64}
          - {filters: 128}
        batchNorm: true
        embedding: 128    # width of a word's vector
        hidden: 256       # width of the decoder's state
        rnn: lstm

      data:
        source: captions
        captions: %s
        images: %s        # images may lie in it or anywhere below
        height: 64        # images are resized to this
        width: 64
        minCount: 2       # rarer words are unknown; 5 for large sets
        maxWords: 20

      training:
        epochs: 12
        batchSize: 50
        optimizer:
          type: adam
          learningRate: 0.001   # the first thing to search for: see docs/sweeps.md
          schedule: {type: cosine}
        gradientClipping: {norm: 5}
        selectBy: cider

      decoding: {beam: 3}
      """;

  public static final Kind KIND =
      new Kind(
          ModelKind.CAPTIONER,
          CaptionerSettings.class,
          job -> CaptionerMetrics.ALL,
          CaptionerTask::load,
          TrainedCaptioner::new,
          CaptionerKind::draft);

  private CaptionerKind() {}

  private static Optional<String> draft(DataGuess data) {
    return data.kind() == DataGuess.Kind.CAPTIONS
        ? Optional.of(
            DRAFT.formatted(JobDraft.quoted(data.path()), JobDraft.quoted(folder(data.path()))))
        : Optional.empty();
  }

  private static Path folder(Path file) {
    return file.getParent() == null ? Path.of(".") : file.getParent();
  }
}
