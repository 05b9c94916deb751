package org.descry.kind.captioner;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.EpochBatches;
import org.descry.data.builtin.ShapeScene;
import org.descry.data.caption.CaptionBatches;
import org.descry.data.caption.CaptionSet;
import org.descry.data.caption.ImageInputs;
import org.descry.generate.BeamSearch;
import org.descry.generate.Captioner;
import org.descry.generate.Decoding;
import org.descry.job.DecodingSettings;
import org.descry.metrics.CaptionMetrics;
import org.descry.replay.RecordedOutput;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Measures a captioner on a set of captions. */
final class CaptionScorer {
  private static final int BATCH_SIZE = 100;

  private final CaptionSet captions;
  private final List<List<List<String>>> references;

  CaptionScorer(CaptionSet captions) {
    this.captions = captions;
    references = IntStream.range(0, captions.images()).mapToObj(captions::references).toList();
  }

  CaptionSet captions() {
    return captions;
  }

  /** The true captions of each image, as words. */
  List<List<List<String>>> references() {
    return references;
  }

  /**
   * What the network thinks of the true captions.
   *
   * @param perCaption mean over captions of the loss summed over words
   * @param perplexity exp of the mean loss a word
   */
  record Loss(double perCaption, double perplexity) {}

  Loss loss(ComputationGraph network) {
    double sum = 0;
    long words = 0;
    RecordedOutput asked = RecordedOutput.of(network);
    try (EpochBatches batches =
        CaptionBatches.inOrder(captions, BATCH_SIZE, captions.longest() - 1)) {
      while (batches.hasNext()) {
        MultiDataSet batch = batches.next();
        sum += asked.losses(batch).sumNumber().doubleValue();
        words += batch.getLabelsMaskArray(0).sumNumber().longValue();
      }
    }
    return new Loss(sum / captions.size(), CaptionMetrics.perplexity(sum, words));
  }

  CaptionMetrics metrics(List<List<String>> sentences) {
    return CaptionMetrics.of(sentences, references);
  }

  /** Metrics of the likeliest words: one pass, cheap enough for every epoch. */
  CaptionMetrics greedy(Captioner captioner, int maxLength) {
    return metrics(captioner.describe(captions.inputs(), Decoding.greedy(maxLength)));
  }

  /**
   * Everything that is known of a captioner.
   *
   * @param sentences that the job's decoding found for the images
   * @param seen images whose mean stands for an image that is not looked at
   * @param scenes what is truly on the images, or null
   */
  CaptionerEvaluation report(
      ComputationGraph network,
      Captioner captioner,
      List<List<String>> sentences,
      DecodingSettings decoding,
      ImageInputs seen,
      List<ShapeScene> scenes) {
    Loss loss = loss(network);
    List<String> blind = captioner.describe(captioner.meanState(seen), decoding(decoding)).get(0);
    return new CaptionerEvaluation(
        captions.images(),
        metrics(sentences),
        loss.perCaption,
        loss.perplexity,
        scenes == null ? null : trueCaptions(sentences, scenes),
        greedy(captioner, decoding.maxLength()),
        metrics(Collections.nCopies(captions.images(), blind)));
  }

  /** What the settings ask for. */
  static Decoding decoding(DecodingSettings settings) {
    return decoding(settings, settings.beam());
  }

  /** The same with another width of the beam. */
  static Decoding decoding(DecodingSettings settings, int beam) {
    return Decoding.beam(
        settings.maxLength(),
        new BeamSearch(
            beam, settings.lengthNormalization(), settings.lengthBonus(), settings.noRepeat()));
  }

  private static double trueCaptions(List<List<String>> sentences, List<ShapeScene> scenes) {
    long right =
        IntStream.range(0, scenes.size())
            .filter(i -> scenes.get(i).isTrue(String.join(" ", sentences.get(i))))
            .count();
    return (double) right / scenes.size();
  }
}
