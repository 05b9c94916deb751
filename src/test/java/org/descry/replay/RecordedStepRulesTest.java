package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.SvmLossLayer;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.WordEmbeddingLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** What is recorded, what is not, and what a replay costs. */
class RecordedStepRulesTest {
  private static final int D = 6;
  private static final int K = 4;

  private static GraphBuilder graph() {
    return graph(D);
  }

  private static GraphBuilder graph(int width) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .updater(new Adam(0.01))
        .graphBuilder()
        .addInputs("x")
        .setInputTypes(InputType.feedForward(width));
  }

  private static ComputationGraphConfiguration small() {
    return graph()
        .addLayer("hidden", new AffineReluLayer.Builder().nOut(5).build(), "x")
        .addLayer("scores", new AffineLayer.Builder().nOut(K).build(), "hidden")
        .addLayer("loss", new SoftmaxLossLayer(), "scores")
        .setOutputs("loss")
        .build();
  }

  private static ComputationGraph network(ComputationGraphConfiguration configuration) {
    ComputationGraph network = new ComputationGraph(configuration.clone());
    network.init();
    return network;
  }

  private static MultiDataSet batch(int n, int outputs, DataType type, long seed) {
    Random random = new Random(seed);
    INDArray x = Nd4j.zeros(type, n, D);
    for (long i = 0; i < x.length(); i++) {
      x.putScalar(i, random.nextGaussian());
    }
    INDArray[] labels = new INDArray[outputs];
    for (int o = 0; o < outputs; o++) {
      labels[o] = Nd4j.zeros(type, n, K);
      for (int i = 0; i < n; i++) {
        labels[o].putScalar(i, random.nextInt(K), 1);
      }
    }
    return new MultiDataSet(new INDArray[] {x}, labels);
  }

  private static MultiDataSet batch(int n, long seed) {
    return batch(n, 1, DataType.FLOAT, seed);
  }

  private static double[] values(ComputationGraph network) {
    return network.params().dup().data().asDouble();
  }

  /** Trains one with fit, one step by step, and holds them against one another. */
  private static RecordedStep requireSame(
      ComputationGraphConfiguration configuration, int outputs, DataType type) {
    ComputationGraph fitted = network(configuration);
    ComputationGraph replayed = network(configuration);
    RecordedStep step = RecordedStep.of(replayed);
    for (int i = 0; i < 6; i++) {
      fitted.fit(batch(8, outputs, type, i));
      step.fit(batch(8, outputs, type, i));
      assertThat(replayed.score()).isEqualTo(fitted.score());
      assertThat(values(replayed)).isEqualTo(values(fitted));
    }
    return step;
  }

  @Test
  void gradientsOfSeveralReadersAddUp() {
    ComputationGraphConfiguration forked =
        graph()
            .addLayer("hidden", new AffineReluLayer.Builder().nOut(5).build(), "x")
            .addLayer("a", new AffineLayer.Builder().nOut(K).build(), "hidden")
            .addLayer("b", new AffineLayer.Builder().nOut(K).build(), "hidden")
            .addLayer("c", new AffineLayer.Builder().nOut(K).build(), "hidden")
            .addLayer("lossA", new SoftmaxLossLayer(), "a")
            .addLayer("lossB", new SvmLossLayer(), "b")
            .addLayer("lossC", new SoftmaxLossLayer(), "c")
            .setOutputs("lossA", "lossB", "lossC")
            .build();
    assertThat(requireSame(forked, 3, DataType.FLOAT).plans()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementWiseVertex.Op.class,
      names = {"Add", "Product", "Average"})
  void residualConnectionsAreRecorded(ElementWiseVertex.Op op) {
    ComputationGraphConfiguration residual =
        graph()
            .addLayer("first", new AffineReluLayer.Builder().nOut(5).build(), "x")
            .addLayer("second", new AffineReluLayer.Builder().nOut(5).build(), "first")
            .addVertex("both", new ElementWiseVertex(op), "first", "second")
            .addVertex("wide", new MergeVertex(), "both", "first")
            .addLayer("scores", new AffineLayer.Builder().nOut(K).build(), "wide")
            .addLayer("loss", new SoftmaxLossLayer(), "scores")
            .setOutputs("loss")
            .build();
    assertThat(requireSame(residual, 1, DataType.FLOAT).plans()).isEqualTo(1);
  }

  @Test
  void float64IsRecordedToo() {
    ComputationGraphConfiguration doubles = small();
    doubles.setDataType(DataType.DOUBLE);
    assertThat(requireSame(doubles, 1, DataType.DOUBLE).plans()).isEqualTo(1);
  }

  @Test
  void dataOfAnotherTypeAreConverted() {
    ComputationGraphConfiguration floats = small();
    assertThat(requireSame(floats, 1, DataType.DOUBLE).plans()).isEqualTo(1);
  }

  @Test
  void aLayerOfAnotherKindIsTrainedByFit() {
    ComputationGraphConfiguration mixed =
        graph()
            .addLayer("hidden", new DenseLayer.Builder().nOut(5).build(), "x")
            .addLayer("scores", new AffineLayer.Builder().nOut(K).build(), "hidden")
            .addLayer("loss", new SoftmaxLossLayer(), "scores")
            .setOutputs("loss")
            .build();
    RecordedStep step = requireSame(mixed, 1, DataType.FLOAT);
    assertThat(step.plans()).isZero();
    assertThat(step.obstacle()).isEqualTo("\"hidden\" is a DenseLayer, which cannot be recorded");
  }

  @Test
  void aListenerThatWantsActivationsGetsThem() {
    ComputationGraph network = network(small());
    List<Integer> seen = new ArrayList<>();
    class Curious extends BaseTrainingListener {
      @Override
      public void onForwardPass(Model model, Map<String, INDArray> activations) {
        seen.add(activations.size());
      }
    }
    RecordedStep step = RecordedStep.of(network);
    step.fit(batch(8, 0));
    assertThat(step.plans()).isEqualTo(1);
    network.addListeners(new Curious());
    assertThat(step.obstacle()).isEqualTo("a Curious listens to its passes");
    step.fit(batch(8, 1));
    step.fit(batch(8, 2));
    assertThat(seen).hasSize(2);
  }

  @Test
  void aListenerOfGradientsThatWantsPassesTooGetsThem() {
    ComputationGraph network = network(small());
    List<String> heard = new ArrayList<>();
    class Greedy extends GradientListener {
      @Override
      public void onGradientCalculation(Model model) {
        heard.add("gradients");
      }

      @Override
      public void onBackwardPass(Model model) {
        heard.add("backward");
      }
    }
    network.addListeners(new Greedy());
    RecordedStep step = RecordedStep.of(network);
    assertThat(step.obstacle()).isEqualTo("a Greedy listens to its passes");
    step.fit(batch(8, 0));
    assertThat(heard).containsExactlyInAnyOrder("gradients", "backward");
  }

  @Test
  void listenersHearOfEachStepWithItsScore() {
    ComputationGraph network = network(small());
    List<String> heard = new ArrayList<>();
    network.addListeners(
        new BaseTrainingListener() {
          @Override
          public void iterationDone(Model model, int iteration, int epoch) {
            heard.add(iteration + " " + model.score() + " " + model.batchSize());
          }
        });
    RecordedStep step = RecordedStep.of(network);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      step.fit(batch(8, i));
      expected.add(i + " " + network.score() + " 8");
    }
    assertThat(heard).isEqualTo(expected);
  }

  @Test
  void onlySoManyShapesAreKept() {
    RecordedStep step = RecordedStep.of(network(small()));
    for (int n = 1; n <= 20; n++) {
      step.fit(batch(n, n));
    }
    assertThat(step.plans()).isEqualTo(16);
  }

  @Test
  void aBatchThatIsRefusedChangesNothingInAReplayEither() {
    ComputationGraph network =
        network(
            graph(3)
                .addLayer(
                    "words", new WordEmbeddingLayer.Builder().vocabulary(K).width(5).build(), "x")
                .addLayer("scores", new TemporalAffineLayer.Builder().nOut(K).build(), "words")
                .addLayer("loss", new TemporalSoftmaxLossLayer(), "scores")
                .setOutputs("loss")
                .build());
    RecordedStep step = RecordedStep.of(network);
    for (int i = 0; i < 2; i++) {
      step.fit(new MultiDataSet(Nd4j.ones(2, 3), Nd4j.ones(2, 3)));
    }
    double[] before = values(network);
    INDArray unknown = Nd4j.ones(2, 3).putScalar(1, 2, K);
    assertThatThrownBy(() -> step.fit(new MultiDataSet(unknown, Nd4j.ones(2, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("WordEmbedding: expected words from 0 to 3, got 4");
    assertThatThrownBy(() -> step.fit(new MultiDataSet(Nd4j.ones(2, 3), unknown)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TemporalSoftmaxLoss: expected labels from 0 to 3, got 4");
    assertThat(values(network)).isEqualTo(before);
    assertThat(network.getIterationCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("org.descry.replay.RecordedStepTest#cases")
  void aStepAllocatesNothing(RecordedStepTest.Case of) {
    RecordedStep step = RecordedStep.of(network(of.network()));
    MultiDataSet batch = of.batch(1);
    Allocations.requireNone(() -> step.fit(batch));
  }
}
