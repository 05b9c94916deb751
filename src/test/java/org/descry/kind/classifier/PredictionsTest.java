package org.descry.kind.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageSet;
import org.descry.model.Loss;
import org.descry.model.NetworkSettings;
import org.descry.model.ThreeLayerConvNet;
import org.descry.replay.RecordedOutput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Answers to views of images against those to images that are moved and mirrored one by one. */
class PredictionsTest {
  private static final int HEIGHT = 8;
  private static final int WIDTH = 10;
  private static final int CLASSES = 4;
  private static final int COUNT = 7;

  private ImageSet images;
  private ChannelNormalizer normalizer;
  private ComputationGraph network;

  @BeforeEach
  void make() {
    Random random = new Random(5);
    byte[][] pixels = new byte[COUNT][HEIGHT * WIDTH * 3];
    int[] labels = new int[COUNT];
    for (int i = 0; i < COUNT; i++) {
      random.nextBytes(pixels[i]);
      labels[i] = i % CLASSES;
    }
    images = new ImageSet(HEIGHT, WIDTH, 3, List.of("a", "b", "c", "d"), pixels, labels);
    normalizer = ChannelNormalizer.fit(images);
    ThreeLayerConvNet model =
        new ThreeLayerConvNet(3, HEIGHT, WIDTH, CLASSES, 4, 3, 8, 0.3, Loss.SOFTMAX);
    network = new ComputationGraph(model.configuration(NetworkSettings.of(1, new Sgd(1))));
    network.init();
  }

  @Test
  void viewsAreAveragedByTheirWeights() {
    double[][] expected = new double[COUNT][CLASSES];
    for (int move = -1; move <= 1; move++) {
      double weight = move == 0 ? 0.25 : 0.125;
      for (boolean mirror : new boolean[] {false, true}) {
        INDArray answers = answers(move, mirror);
        for (int i = 0; i < COUNT; i++) {
          for (int k = 0; k < CLASSES; k++) {
            expected[i][k] += weight * answers.getDouble(i, k);
          }
        }
      }
    }
    Predictions of = Predictions.ofViews(RecordedOutput.of(network), images, normalizer, 3);
    for (int i = 0; i < COUNT; i++) {
      int best = 0;
      for (int k = 1; k < CLASSES; k++) {
        best = expected[i][k] > expected[i][best] ? k : best;
      }
      assertThat(of.answers()[i]).isEqualTo(best);
      assertThat(of.confidence()[i]).isCloseTo((float) expected[i][best], within(1e-5f));
    }
    Predictions plain = Predictions.of(RecordedOutput.of(network), images, normalizer, 3);
    assertThat(of.loss()).isEqualTo(plain.loss());
    assertThat(of.confidence()).isNotEqualTo(plain.confidence());
  }

  /** To the images as a walk over their pixels moves them; beyond an edge they are mirrored. */
  private INDArray answers(int move, boolean mirror) {
    List<byte[]> moved = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      byte[] from = images.image(i);
      byte[] to = new byte[from.length];
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          int column = inside(x + move, WIDTH);
          int source = inside(y + move, HEIGHT) * WIDTH + (mirror ? WIDTH - 1 - column : column);
          System.arraycopy(from, 3 * source, to, 3 * (y * WIDTH + x), 3);
        }
      }
      moved.add(to);
    }
    return network.outputSingle(normalizer.apply(HEIGHT, WIDTH, moved));
  }

  private static int inside(int at, int size) {
    return at < 0 ? -at : at >= size ? 2 * size - 2 - at : at;
  }
}
