package org.descry.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.caption.Vocabulary;
import org.descry.kernel.RnnCell;
import org.descry.model.CaptioningRnn;
import org.descry.model.ConvNet;
import org.descry.model.NetworkLayers;
import org.descry.model.NetworkModel;
import org.descry.model.NetworkSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
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
    return network(cell, layers, CaptioningRnn.Extras.NONE);
  }

  private static ComputationGraph network(RnnCell cell, int layers, CaptioningRnn.Extras extras) {
    var images =
        new CaptioningRnn.Images(3, 8, 8, List.of(new ConvNet.Stage(4, 3, true)), false, false);
    var model =
        new CaptioningRnn(
            0, images, VOCABULARY.size(), extras.tied() ? 16 : 8, 16, layers, cell, LENGTH, extras);
    ComputationGraph network =
        new ComputationGraph(model.configuration(NetworkSettings.of(5, new Sgd(0.1))));
    network.init();
    network.getLayer(CaptioningRnn.PROJECTION).params().muli(5);
    if (extras.tied()) {
      network.getVertex(NetworkModel.RNN).params().muli(2);
    } else {
      network.getLayer(NetworkModel.EMBEDDING).params().muli(5);
      network.getLayer(NetworkModel.SCORES).params().muli(5);
    }
    return network;
  }

  private static ComputationGraph looking(RnnCell cell, int layers) {
    var attention = new CaptioningRnn.Attention(6, 1);
    var extras = new CaptioningRnn.Extras(attention, 0.2, 0.3, false, false);
    ComputationGraph network = network(cell, layers, extras);
    network.getLayer(CaptioningRnn.PROJECTION).params().muli(6);
    network.getParam(NetworkModel.RNN + "_Wz").muli(4);
    network.getParam(NetworkModel.RNN + "_v").muli(20);
    network.getParam(NetworkModel.RNN + "_Wg").muli(3);
    return network;
  }

  /** Two layers of each cell, with attention and without, and tied words. */
  static Stream<ComputationGraph> networks() {
    return Stream.concat(
        Stream.of(RnnCell.values()).flatMap(cell -> Stream.of(network(cell, 2), looking(cell, 2))),
        Stream.of(network(RnnCell.LSTM, 1, new CaptioningRnn.Extras(null, 0, 0, true, false))));
  }

  private static INDArray images(int count) {
    return Nd4j.rand(Nd4j.getRandomFactory().getNewRandomInstance(7), count, 3, 8, 8);
  }

  private static List<List<String>> describe(
      Captioner captioner, INDArray images, Decoding decoding) {
    return captioner.describe(captioner.states(images), decoding);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aBeamOfOneIsGreedyTokenForToken(ComputationGraph network) {
    Captioner captioner = new Captioner(network, VOCABULARY);
    List<List<String>> greedy = describe(captioner, images(30), Decoding.greedy(LENGTH));
    assertThat(Set.copyOf(greedy)).hasSizeGreaterThan(3);
    assertThat(describe(captioner, images(30), Decoding.beam(LENGTH, 1, 0.7))).isEqualTo(greedy);
  }

  /** A decoder records its steps; one that has much behind it says what a new one says. */
  @ParameterizedTest
  @MethodSource("networks")
  void decodersThatWereUsedSayWhatNewOnesSay(ComputationGraph network) {
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
  @MethodSource("networks")
  void imagesThatDecodeTogetherGetWhatEachGetsAlone(ComputationGraph network) {
    Captioner captioner = new Captioner(network, VOCABULARY);
    INDArray images = images(5);
    Decoding beam = Decoding.beam(LENGTH, 3, 0.7);
    List<List<String>> together = describe(captioner, images, beam);
    for (int i = 0; i < 5; i++) {
      INDArray alone = Nd4j.expandDims(images.slice(i), 0);
      assertThat(describe(captioner, alone, beam)).containsExactly(together.get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theStatesAreThoseOfTheWholeNetwork(ComputationGraph network) {
    INDArray images = images(3);
    INDArray words = Nd4j.zeros(DataType.FLOAT, 3, LENGTH);
    INDArray inside =
        network
            .feedForward(new INDArray[] {images, words}, false)
            .get(NetworkLayers.initialState(network));
    assertThat(new Captioner(network, VOCABULARY).states(images)).isEqualTo(inside);
  }

  /** Word by word, the decoder computes what the network computes of the whole sentence. */
  @ParameterizedTest
  @MethodSource("networks")
  void greedyWordsAreTheNetworksLikeliest(ComputationGraph network) {
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

  /** The weights of a sentence's words are those of the network that reads it as a whole. */
  @Test
  void whereItLooksIsWhereTheNetworkLooks() {
    ComputationGraph network = looking(RnnCell.LSTM, 1);
    Captioner captioner = new Captioner(network, VOCABULARY);
    INDArray image = images(1);
    INDArray state = captioner.states(image);
    List<String> sentence = captioner.describe(state, Decoding.greedy(LENGTH)).get(0);
    assertThat(sentence).hasSizeGreaterThan(2);
    List<float[]> looks = captioner.attention(state, sentence);
    assertThat(looks).hasSize(sentence.size());
    for (float[] weights : looks) {
      assertThat(weights).hasSize(16);
      double sum = 0;
      for (float weight : weights) {
        sum += weight;
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
    assertThat(looks.get(0)).isNotEqualTo(looks.get(1));
    assertThat(new Captioner(network(RnnCell.LSTM, 1), VOCABULARY).attention(state, sentence))
        .isEmpty();
  }

  @Test
  void wordsThatWereSaidInARowAreNotSaidAgain() {
    Captioner captioner = new Captioner(network(RnnCell.VANILLA, 1), VOCABULARY);
    INDArray state = captioner.states(images(30));
    List<List<String>> free =
        captioner.describe(state, Decoding.beam(LENGTH, new BeamSearch(2, 0, 0.5, 0)));
    assertThat(free).anyMatch(sentence -> repeats(sentence, 1));
    for (int unique : new int[] {1, 2}) {
      var search = new BeamSearch(2, 0, 0.5, unique);
      assertThat(captioner.describe(state, Decoding.beam(LENGTH, search)))
          .noneMatch(sentence -> repeats(sentence, unique));
    }
  }

  private static boolean repeats(List<String> sentence, int words) {
    List<List<String>> runs =
        IntStream.rangeClosed(0, sentence.size() - words)
            .mapToObj(i -> sentence.subList(i, i + words))
            .toList();
    return Set.copyOf(runs).size() < runs.size();
  }

  @Test
  void aBonusForWordsMakesSentencesLonger() {
    ComputationGraph network = network(RnnCell.LSTM, 1);
    network.getLayer(NetworkModel.SCORES).getParam("b").putScalar(Vocabulary.END, 3);
    Captioner captioner = new Captioner(network, VOCABULARY);
    INDArray state = captioner.states(images(30));
    int shorter = words(captioner.describe(state, Decoding.beam(LENGTH, new BeamSearch(4, 0))));
    int longer =
        words(captioner.describe(state, Decoding.beam(LENGTH, new BeamSearch(4, 0, 3, 0))));
    assertThat(longer).isGreaterThan(shorter);
  }

  private static int words(List<List<String>> sentences) {
    return sentences.stream().mapToInt(List::size).sum();
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
