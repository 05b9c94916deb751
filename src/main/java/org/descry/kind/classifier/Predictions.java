package org.descry.kind.classifier;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.descry.data.EpochBatches;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageBatches;
import org.descry.data.image.ImageSet;
import org.descry.engine.Rows;
import org.descry.io.AtomicFiles;
import org.descry.io.Csv;
import org.descry.io.IoErrors;
import org.descry.kind.ClassScores;
import org.descry.replay.RecordedOutput;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A classifier's answers to a labelled set.
 *
 * @param labels the true class of each image
 * @param answers the class that the network finds most probable
 * @param confidence the network's output for that class: a probability, or a score for an SVM
 * @param ranks how many classes the network finds more probable than the true one
 * @param loss mean loss, without the L2 penalty
 */
record Predictions(int[] labels, int[] answers, float[] confidence, int[] ranks, double loss) {
  /** Among how many answers the right one is looked for, for the second accuracy. */
  static final int TOP = 5;

  private static final float HALF_OF_PLAIN = 0.25f;
  private static final float HALF_OF_MOVED = 0.125f;

  /** Asks the network, in batches, about every image in order. */
  static Predictions of(
      RecordedOutput network, ImageSet images, ChannelNormalizer normalizer, int batchSize) {
    float[][] answers = new float[images.size()][images.classes()];
    ImageBatches batches = ImageBatches.of(images, normalizer, batchSize);
    return of(images, answers, ask(network, batches, 1, answers));
  }

  /**
   * As {@link #of}, but the answers are a mean over views: the images, and both versions that are
   * moved by a pixel towards a corner, which count half as much, and the mirror images of all. The
   * loss is that of the images as they are.
   */
  static Predictions ofViews(
      RecordedOutput network, ImageSet images, ChannelNormalizer normalizer, int batchSize) {
    float[][] answers = new float[images.size()][images.classes()];
    double loss = 0;
    for (int move = -1; move <= 1; move++) {
      for (boolean mirror : new boolean[] {false, true}) {
        ImageBatches.View view = new ImageBatches.View(move, move, mirror);
        ImageBatches batches = ImageBatches.of(images, normalizer, batchSize).view(view);
        double sum = ask(network, batches, move == 0 ? HALF_OF_PLAIN : HALF_OF_MOVED, answers);
        loss = view.equals(ImageBatches.View.PLAIN) ? sum : loss;
      }
    }
    return of(images, answers, loss);
  }

  /** Adds weighted answers; the sum of the losses. */
  private static double ask(
      RecordedOutput network, ImageBatches images, float weight, float[][] answers) {
    double loss = 0;
    int at = 0;
    try (EpochBatches batches = images.build()) {
      while (batches.hasNext()) {
        MultiDataSet batch = batches.next();
        RecordedOutput.Answers given = network.score(batch);
        loss += given.losses().sumNumber().doubleValue();
        Rows rows = Rows.of(given.outputs().get(0));
        for (int i = 0; i < rows.count(); i++) {
          float[] row = rows.floats(i);
          for (int k = 0; k < row.length; k++) {
            answers[at][k] += weight * row[k];
          }
          at++;
        }
      }
    }
    return loss;
  }

  private static Predictions of(ImageSet images, float[][] outputs, double lossSum) {
    int count = images.size();
    int[] labels = IntStream.range(0, count).map(images::label).toArray();
    int[] answers = new int[count];
    float[] confidence = new float[count];
    int[] ranks = new int[count];
    for (int i = 0; i < count; i++) {
      answers[i] = ClassScores.best(outputs[i]);
      confidence[i] = outputs[i][answers[i]];
      ranks[i] = rank(outputs[i], labels[i]);
    }
    return new Predictions(labels, answers, confidence, ranks, lossSum / count);
  }

  private static int rank(float[] row, int label) {
    int rank = 0;
    for (int k = 0; k < row.length; k++) {
      rank += row[k] > row[label] || row[k] == row[label] && k < label ? 1 : 0;
    }
    return rank;
  }

  /**
   * Writes an image a row.
   *
   * @param images that were asked about
   * @param output what the confidence is: {@code probability} or {@code score}
   * @throws org.descry.DescryException if the file cannot be written
   */
  void write(ImageSet images, String output, Path csv) {
    StringBuilder rows = new StringBuilder("image,class,answer,").append(output).append('\n');
    for (int i = 0; i < labels.length; i++) {
      rows.append(Csv.field(images.name(i)))
          .append(',')
          .append(Csv.field(images.labelNames().get(labels[i])))
          .append(',')
          .append(Csv.field(images.labelNames().get(answers[i])))
          .append(',')
          .append(confidence[i])
          .append('\n');
    }
    try {
      AtomicFiles.write(csv, rows.toString());
    } catch (IOException e) {
      throw IoErrors.unwritable(csv, e);
    }
  }

  /** Share of images whose class is among the {@value #TOP} that are found most probable. */
  double topAccuracy() {
    return (double) Arrays.stream(ranks).filter(rank -> rank < TOP).count() / ranks.length;
  }

  /** Share of right answers. */
  double accuracy() {
    return ClassScores.accuracy(labels, answers);
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

  // Records compare arrays by identity, which nobody should rely on.
  @Override
  public boolean equals(Object other) {
    return other instanceof Predictions that
        && Arrays.equals(labels, that.labels)
        && Arrays.equals(answers, that.answers)
        && Arrays.equals(confidence, that.confidence)
        && Arrays.equals(ranks, that.ranks)
        && loss == that.loss;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(answers);
  }
}
