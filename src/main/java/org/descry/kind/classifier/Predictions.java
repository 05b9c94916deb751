package org.descry.kind.classifier;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.descry.data.EpochBatches;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageBatches;
import org.descry.data.image.ImageSet;
import org.descry.engine.Rows;
import org.descry.replay.RecordedOutput;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A classifier's answers to a labelled set.
 *
 * @param labels the true class of each image
 * @param answers the class that the network finds most probable
 * @param confidence the network's output for that class: a probability, or a score for an SVM
 * @param loss mean loss, without the L2 penalty
 */
record Predictions(int[] labels, int[] answers, float[] confidence, double loss) {

  /** Asks the network, in batches, about every image in order. */
  static Predictions of(
      RecordedOutput network, ImageSet images, ChannelNormalizer normalizer, int batchSize) {
    int[] labels = IntStream.range(0, images.size()).map(images::label).toArray();
    int[] answers = new int[images.size()];
    float[] confidence = new float[images.size()];
    double loss = 0;
    int at = 0;
    try (EpochBatches batches = ImageBatches.of(images, normalizer, batchSize).build()) {
      while (batches.hasNext()) {
        MultiDataSet batch = batches.next();
        RecordedOutput.Answers given = network.score(batch);
        loss += given.losses().sumNumber().doubleValue();
        Rows rows = Rows.of(given.outputs().get(0));
        for (int i = 0; i < rows.count(); i++) {
          float[] row = rows.floats(i);
          answers[at] = argMax(row);
          confidence[at] = row[answers[at]];
          at++;
        }
      }
    }
    return new Predictions(labels, answers, confidence, loss / images.size());
  }

  /** Share of right answers. */
  double accuracy() {
    long right = IntStream.range(0, labels.length).filter(i -> labels[i] == answers[i]).count();
    return (double) right / labels.length;
  }

  /** Indices of the wrong answers, the most confident first. */
  List<Integer> mistakes(int atMost) {
    return IntStream.range(0, labels.length)
        .filter(i -> labels[i] != answers[i])
        .boxed()
        .sorted((a, b) -> Float.compare(confidence[b], confidence[a]))
        .limit(atMost)
        .toList();
  }

  /** The index of the largest value, the first of equals. */
  static int argMax(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }

  // Records compare arrays by identity, which nobody should rely on.
  @Override
  public boolean equals(Object other) {
    return other instanceof Predictions that
        && Arrays.equals(labels, that.labels)
        && Arrays.equals(answers, that.answers)
        && Arrays.equals(confidence, that.confidence)
        && loss == that.loss;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(answers);
  }
}
