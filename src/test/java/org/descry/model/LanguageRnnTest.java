package org.descry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.EpochBatches;
import org.descry.data.text.TextBatches;
import org.descry.data.text.TextUnit;
import org.descry.data.text.TextVocabulary;
import org.descry.generate.TextSampler;
import org.descry.kernel.RnnCell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

class LanguageRnnTest {
  private static final NetworkSettings SOLVER = NetworkSettings.of(3, new Adam(0.02));
  private static final int[] TOKENS = {1, 4, 2, 0, 3, 3, 1, 2, 4, 0, 2, 1, 3, 0, 4, 2, 1, 1, 0};

  private static ComputationGraph network(LanguageRnn model) {
    ComputationGraph network = new ComputationGraph(model.configuration(SOLVER));
    network.init();
    return network;
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,VANILLA,false",
    "6,1,VANILLA,false",
    "0,2,VANILLA,false",
    "6,3,VANILLA,false",
    "0,1,LSTM,false",
    "6,1,LSTM,false",
    "6,2,LSTM,false",
    "7,1,VANILLA,true",
    "7,2,LSTM,true"
  })
  void aCarriedStateIsOneLongSequence(int embedding, int layers, RnnCell cell, boolean tied) {
    LanguageRnn model = new LanguageRnn(5, embedding, 7, layers, cell, 3, true, tied);
    ComputationGraph network = network(model);
    EpochBatches batches = TextBatches.running(TOKENS, 2, 3);
    CarriedState carried = new CarriedState(model.stateWidth());
    EpochBatches whole = TextBatches.running(TOKENS, 2, 9);
    INDArray expected = network.outputSingle(carried.with(whole.next()).getFeatures());
    for (int k = 0; k < 3; k++) {
      INDArray actual = network.outputSingle(carried.with(batches.next()).getFeatures());
      INDArray part =
          expected.get(
              NDArrayIndex.all(), NDArrayIndex.interval(3 * k, 3 * k + 3), NDArrayIndex.all());
      assertThat(actual.sub(part).amaxNumber().doubleValue()).isLessThan(1e-6);
      carried.keep(network);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LINEAR") // of one layer
  void trainingCarriesTheStateOfItsOwnForwardPass(RnnCell cell) {
    LanguageRnn model = new LanguageRnn(5, 0, 7, 2, cell, 3, true, false);
    ComputationGraph network = network(model);
    EpochBatches batches = TextBatches.running(TOKENS, 2, 3);
    CarriedState carried = new CarriedState(model.stateWidth());
    CarriedState expected = new CarriedState(model.stateWidth());
    ComputationGraph before = network.clone();
    MultiDataSet first = batches.next();
    before.outputSingle(expected.with(first).getFeatures());
    expected.keep(before);
    MultiDataSet fed = carried.with(first);
    network.fit(fed);
    carried.keep(network);
    assertThat(fed.getFeatures(1).amaxNumber().doubleValue()).isZero();
    assertThat(carried.copy()).isEqualTo(expected.copy());
    assertThat(expected.copy().amaxNumber().doubleValue()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,VANILLA,false",
    "8,2,VANILLA,false",
    "0,1,LSTM,false",
    "8,2,LSTM,false",
    "0,1,LINEAR,false",
    "8,1,LINEAR,false",
    "24,1,VANILLA,true",
    "24,1,LSTM,true"
  })
  void learnsHelloWorldAndCompletesIt(int embedding, int layers, RnnCell cell, boolean tied) {
    String text = "hello world";
    TextVocabulary vocabulary = TextVocabulary.of(TextUnit.CHARACTER, List.of(text), 1);
    int[] tokens = vocabulary.encode(text, "text");
    LanguageRnn model =
        new LanguageRnn(vocabulary.size(), embedding, 24, layers, cell, 10, false, tied);
    ComputationGraph network = network(model);
    EpochBatches batches = TextBatches.sentences(new int[][] {tokens}, 1, 10, 1);
    for (int epoch = 0; epoch < 150; epoch++) {
      network.fit(batches.next());
      batches.reset();
    }
    assertThat(network.score()).isLessThan(0.5);
    TextSampler sampler = new TextSampler(network);
    int[] prompt = vocabulary.encode("he", "prompt");
    assertThat(vocabulary.decode(sampler.greedy(prompt, 9))).isEqualTo("llo world");
    assertThat(vocabulary.decode(sampler.sample(prompt, 9, 0.1, 4))).isEqualTo("llo world");
    assertThat(sampler.sample(prompt, 40, 3, 4)).isEqualTo(sampler.sample(prompt, 40, 3, 4));
    assertThat(sampler.sample(prompt, 40, 3, 5)).isNotEqualTo(sampler.sample(prompt, 40, 3, 4));
    assertThatThrownBy(() -> sampler.greedy(new int[0], 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sampler.greedy(new int[] {99}, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LINEAR") // of one layer
  void theConfigurationSurvivesJson(RnnCell cell) {
    var configuration = new LanguageRnn(5, 0, 7, 2, cell, 3, true, false).configuration(SOLVER);
    assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
        .isEqualTo(configuration);
  }

  @Test
  void aConfigurationFromBeforeTheChoiceIsVanilla() {
    var configuration = new LanguageRnn(5, 0, 7, 2, 3, true).configuration(SOLVER);
    String json = configuration.toJson();
    String older = json.replaceFirst("\"cell\" : \"VANILLA\",\\s*", "");
    assertThat(older).isNotEqualTo(json);
    assertThat(ComputationGraphConfiguration.fromJson(older)).isEqualTo(configuration);
  }

  @Test
  void tiedWeightsAreOneTable() {
    ComputationGraph network = network(new LanguageRnn(5, 7, 7, 1, RnnCell.VANILLA, 3, true, true));
    int cell = 7 * 7 + 7 * 7 + 7;
    assertThat(network.params().length()).isEqualTo(5 * 7 + cell + 5);
    assertThatThrownBy(() -> new LanguageRnn(5, 6, 7, 1, RnnCell.VANILLA, 3, true, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 6 and 7");
  }

  @Test
  void aNewLstmRemembers() {
    var model = new LanguageRnn(5, 6, 3, 2, RnnCell.LSTM, 3, true, false);
    Map<String, INDArray> rnn = network(model).getVertex(NetworkModel.RNN).paramTable(false);
    for (String bias : List.of("b0", "b1")) {
      assertThat(rnn.get(bias).toDoubleVector())
          .containsExactly(0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0);
    }
  }
}
