package org.descry.kind.captioner;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.Seeds;
import org.descry.data.caption.Vocabulary;
import org.descry.engine.Rows;
import org.descry.engine.Scratch;
import org.descry.replay.RecordedOutput;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Scheduled sampling (Bengio et al. 2015): in place of some of a caption's words the network reads
 * words of its own, as it will when it captions. All are drawn from one pass over the true words
 * (Duckworth et al. 2019), not one after the other.
 */
final class OwnWords {
  private final double most;
  private final int epochs;
  private final long seed;
  private final Scratch mixed = new Scratch();
  private ComputationGraph asks;
  private RecordedOutput asked;
  private double[] said;

  /**
   * @param most the probability of a word of its own in the last epoch
   * @param epochs of the training
   */
  OwnWords(double most, int epochs, long seed) {
    this.most = most;
    this.epochs = epochs;
    this.seed = seed;
  }

  private double probability(int epoch) {
    return epochs == 1 ? most : most * Math.min(1, epoch / (epochs - 1.0));
  }

  /** The batch with some words drawn by the network, which holds until the next one. */
  org.nd4j.linalg.dataset.api.MultiDataSet in(
      ComputationGraph network, org.nd4j.linalg.dataset.api.MultiDataSet batch) {
    double probability = probability(network.getEpochCount());
    if (probability == 0) {
      return batch;
    }
    if (asks != network) {
      asks = network;
      asked = RecordedOutput.of(network);
    }
    INDArray words = batch.getFeatures(1);
    int n = (int) words.size(0);
    int steps = (int) words.size(1);
    INDArray scores = asked.output(batch.getFeatures()).get(0).permute(1, 0, 2);
    Rows next = Rows.of(scores.reshape('c', (long) steps * n, scores.size(2)));
    said = said == null ? new double[next.width()] : said;
    INDArray timeMajor = mixed.get(DataType.FLOAT, steps, n).assign(words.permute(1, 0));
    FloatBuffer read = timeMajor.data().asNioFloat();
    SplittableRandom random = Seeds.random(seed, network.getIterationCount());
    for (int t = 1; t < steps; t++) {
      for (int row = 0; row < n; row++) {
        boolean own = random.nextDouble() < probability;
        if (own && read.get(t * n + row) != Vocabulary.NULL) {
          int word = draw(next.read((t - 1) * n + row, said), random);
          // What no caption says in its middle is not read there either.
          if (word >= Vocabulary.UNKNOWN) {
            read.put(t * n + row, word);
          }
        }
      }
    }
    return new MultiDataSet(
        new INDArray[] {batch.getFeatures(0), timeMajor.permute(1, 0)},
        batch.getLabels(),
        batch.getFeaturesMaskArrays(),
        batch.getLabelsMaskArrays());
  }

  private static int draw(double[] probabilities, SplittableRandom random) {
    double left = random.nextDouble();
    for (int word = 0; word < probabilities.length; word++) {
      left -= probabilities[word];
      if (left < 0) {
        return word;
      }
    }
    return 0; // rounding
  }
}
