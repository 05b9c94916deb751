package org.descry.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.caption.Vocabulary;
import org.descry.kernel.RnnCell;
import org.descry.model.CaptioningRnn;
import org.descry.model.ConvNet;
import org.descry.model.NetworkSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** On networks with random parameters, whose sentences are long and differ from row to row. */
class CaptionerTest {
  private static final int LENGTH = 12;
  private static final Vocabulary VOCABULARY =
      Vocabulary.of(List.of(IntStream.range(0, 40).mapToObj(i -> "w" + i).toList()), 1);

  private static ComputationGraph network(RnnCell cell, int layers) {
    var images =
        new CaptioningRnn.Images(3, 8, 8, List.of(new ConvNet.Stage(4, 3, true)), false, false);
    var model = new CaptioningRnn(0, images, VOCABULARY.size(), 8, 16, layers, cell, LENGTH);
    ComputationGraph network =
        new ComputationGraph(model.configuration(NetworkSettings.of(5, new Sgd(0.1))));
    network.init();
    network.getLayer(CaptioningRnn.PROJECTION).params().muli(5);
    network.getLayer(CaptioningRnn.EMBEDDING).params().muli(5);
    network.getLayer(CaptioningRnn.SCORES).params().muli(5);
    return network;
  }

  private static INDArray images(int count) {
    return Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(7), count, 3, 8, 8);
  }

  private static List<List<String>> describe(
      Captioner captioner, INDArray images, Decoding decoding) {
    return captioner.describe(captioner.states(images), decoding);
  }

  @ParameterizedTest
  @CsvSource({"VANILLA,1", "VANILLA,2", "LSTM,1", "LSTM,2"})
  void aBeamOfOneIsGreedyTokenForToken(RnnCell cell, int layers) {
    Captioner captioner = new Captioner(network(cell, layers), VOCABULARY);
    List<List<String>> greedy = describe(captioner, images(30), Decoding.greedy(LENGTH));
    assertThat(Set.copyOf(greedy)).hasSizeGreaterThan(3);
    assertThat(describe(captioner, images(30), Decoding.beam(LENGTH, 1, 0.7))).isEqualTo(greedy);
  }

  /** A decoder records its steps; one that has much behind it says what a new one says. */
  @ParameterizedTest
  @EnumSource
  void decodersThatWereUsedSayWhatNewOnesSay(RnnCell cell) {
    ComputationGraph network = network(cell, 2);
    Captioner used = new Captioner(network, VOCABULARY);
    List<Decoding> ways = List.of(Decoding.greedy(LENGTH), Decoding.beam(LENGTH, 3, 0.7));
    for (int i = 0; i < 30; i++) {
      INDArray images = images(30).get(NDArrayIndex.interval(i % 7, i % 7 + 1 + i % 12));
      Decoding way = ways.get(i % 2);
      assertThat(describe(used, images, way))
          .isEqualTo(describe(new Captioner(network, VOCABULARY), images, way));
    }
  }

  @ParameterizedTest
  @EnumSource
  void imagesThatDecodeTogetherGetWhatEachGetsAlone(RnnCell cell) {
    Captioner captioner = new Captioner(network(cell, 2), VOCABULARY);
    INDArray images = images(5);
    Decoding beam = Decoding.beam(LENGTH, 3, 0.7);
    List<List<String>> together = describe(captioner, images, beam);
    for (int i = 0; i < 5; i++) {
      INDArray alone = Nd4j.expandDims(images.slice(i), 0);
      assertThat(describe(captioner, alone, beam)).containsExactly(together.get(i));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theStatesAreThoseOfTheWholeNetwork(RnnCell cell) {
    ComputationGraph network = network(cell, 2);
    INDArray images = images(3);
    INDArray words = Nd4j.zeros(DataType.FLOAT, 3, LENGTH);
    INDArray inside =
        network.feedForward(new INDArray[] {images, words}, false).get(CaptioningRnn.PROJECTION);
    assertThat(new Captioner(network, VOCABULARY).states(images)).isEqualTo(inside);
  }

  /** Word by word, the decoder computes what the network computes of the whole sentence. */
  @ParameterizedTest
  @EnumSource
  void greedyWordsAreTheNetworksLikeliest(RnnCell cell) {
    ComputationGraph network = network(cell, 2);
    INDArray images = images(4);
    Captioner captioner = new Captioner(network, VOCABULARY);
    int[][] sentences = new Decoder(network).greedy(captioner.states(images), LENGTH);
    INDArray words = Nd4j.zeros(DataType.FLOAT, 4, LENGTH);
    for (int n = 0; n < 4; n++) {
      words.putScalar(n, 0, Vocabulary.START);
      for (int t = 0; t + 1 < LENGTH && t < sentences[n].length; t++) {
        words.putScalar(n, t + 1, sentences[n][t]);
      }
    }
    INDArray said = network.output(images, words)[0];
    for (int word : new int[] {Vocabulary.NULL, Vocabulary.START, Vocabulary.UNKNOWN}) {
      said.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(word)).assign(-1);
    }
    INDArray likeliest = said.argMax(2);
    for (int n = 0; n < 4; n++) {
      for (int t = 0; t < sentences[n].length; t++) {
        assertThat(sentences[n][t]).isEqualTo(likeliest.getInt(n, t));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fourThreadsDecodeOneNetworkAsOneDoes(RnnCell cell)
      throws InterruptedException, ExecutionException {
    ComputationGraph network = network(cell, 1);
    INDArray images = images(20);
    Decoding beam = Decoding.beam(LENGTH, 3, 0.7);
    List<List<String>> expected = describe(new Captioner(network, VOCABULARY), images, beam);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<List<List<String>>>>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        results.add(
            threads.submit(
                () -> {
                  Captioner own = new Captioner(network, VOCABULARY);
                  return IntStream.range(0, 5)
                      .mapToObj(round -> describe(own, images, beam))
                      .toList();
                }));
      }
      for (Future<List<List<List<String>>>> result : results) {
        assertThat(result.get()).allSatisfy(found -> assertThat(found).isEqualTo(expected));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void samplingIsOfTheSeed() {
    Captioner captioner = new Captioner(network(RnnCell.VANILLA, 1), VOCABULARY);
    List<List<String>> one = describe(captioner, images(4), Decoding.sample(LENGTH, 1, 0, 3));
    assertThat(describe(captioner, images(4), Decoding.sample(LENGTH, 1, 0, 3))).isEqualTo(one);
    assertThat(describe(captioner, images(4), Decoding.sample(LENGTH, 1, 0, 4))).isNotEqualTo(one);
    assertThat(describe(captioner, images(4), Decoding.sample(LENGTH, 1, 1, 3)))
        .isEqualTo(describe(captioner, images(4), Decoding.greedy(LENGTH)));
  }
}
