package org.descry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.descry.gradcheck.GradientCheck;
import org.descry.gradcheck.NetworkSubject;
import org.descry.kernel.BatchNorm;
import org.descry.kernel.RnnCell;
import org.descry.layer.DiracInit;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.OrthogonalInit;
import org.descry.replay.RecordedStep;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** Residual networks and that of the speed runs: gradients, replays, sizes, whitening. */
class ImageNetworksTest {
  private static final int CLASSES = 4;
  private static final BatchNorm.Rates RATES = new BatchNorm.Rates(1e-5, 0.8);

  private final RandomArrays random = new RandomArrays(15);

  private static ResNet resNet(int depth, int filters, ResNet.Shortcut shortcut) {
    return new ResNet(3, 12, 12, CLASSES, depth, filters, shortcut, 0.5, Loss.SOFTMAX, RATES);
  }

  static Stream<Classifier> networks() {
    return Stream.of(
        resNet(8, 3, ResNet.Shortcut.IDENTITY),
        resNet(8, 2, ResNet.Shortcut.PROJECTION),
        resNet(9, 2, ResNet.Shortcut.IDENTITY),
        new FastNet(3, 12, 12, CLASSES, List.of(3, 4), 0.5, Loss.SOFTMAX, RATES));
  }

  private ComputationGraph network(Classifier model, DataType type) {
    ComputationGraph network =
        new ComputationGraph(
            model.configuration(NetworkSettings.of(3, new Sgd(0.1)).withType(type)));
    network.init();
    model.prepare(network, () -> random.normal(20, 3, 12, 12).castTo(type));
    return network;
  }

  private MultiDataSet batch(DataType type) {
    return new MultiDataSet(
        random.normal(5, 3, 12, 12).castTo(type), random.oneHot(5, CLASSES).castTo(type));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void gradients(Classifier model) {
    var subject =
        new NetworkSubject("network", network(model, DataType.DOUBLE), batch(DataType.DOUBLE), 1);
    var report = new GradientCheck(3, 1).of(subject);
    assertThat(report.disagreements()).isEmpty();
  }

  /** Weights of classes are a mask of the labels: loss and gradients are weighed by it. */
  @ParameterizedTest
  @EnumSource(Loss.class)
  void weighed(Loss loss) {
    Classifier model = new ThreeLayerConvNet(3, 12, 12, CLASSES, 2, 3, 4, 0.1, loss);
    ComputationGraph network = network(model, DataType.DOUBLE);
    MultiDataSet batch = batch(DataType.DOUBLE);
    double[] losses =
        network
            .scoreExamples(new MultiDataSet(batch.getFeatures(), batch.getLabels()), false)
            .toDoubleVector();
    double[] weights = {1, 2.5, 0.25, 3, 1};
    batch.setLabelsMaskArray(new INDArray[] {Nd4j.createFromArray(weights).reshape(5, 1)});
    double expected = 0;
    for (int i = 0; i < weights.length; i++) {
      expected += weights[i] * losses[i] / weights.length;
    }
    assertThat(network.score(batch, true)).isCloseTo(expected, within(1e-12));
    var report = new GradientCheck(3, 1).of(new NetworkSubject("network", network, batch, 1));
    assertThat(report.disagreements()).isEmpty();
  }

  /** Recorded steps give the bits of DL4J's own fit. */
  @ParameterizedTest
  @MethodSource("networks")
  void replay(Classifier model) {
    ComputationGraph fitted = network(model, DataType.FLOAT);
    ComputationGraph recorded = fitted.clone();
    RecordedStep step = RecordedStep.of(recorded);
    for (int i = 0; i < 3; i++) {
      MultiDataSet batch = batch(DataType.FLOAT);
      fitted.fit(batch);
      step.fit(batch);
    }
    assertThat(recorded.params()).isEqualTo(fitted.params());
    assertThat(step.obstacle()).isNull();
    ComputationGraph read =
        new ComputationGraph(
            ComputationGraphConfiguration.fromJson(fitted.getConfiguration().toJson()));
    assertThat(read.getConfiguration()).isEqualTo(fitted.getConfiguration());
  }

  /** He et al. (2016), table 6: 0.27 and 0.85 million parameters, to the last with batch norm. */
  @ParameterizedTest
  @CsvSource({"20, 269722", "56, 853018"})
  void sizes(int depth, long parameters) {
    ResNet model =
        new ResNet(3, 32, 32, 10, depth, 16, ResNet.Shortcut.IDENTITY, 1, Loss.SOFTMAX, RATES);
    // The published count has no running averages, and no biases before a normalisation.
    long counted =
        network(model, DataType.FLOAT).paramTable().entrySet().stream()
            .filter(entry -> !entry.getKey().matches(".*_running.*|(conv|block).*_b"))
            .mapToLong(entry -> entry.getValue().length())
            .sum();
    assertThat(counted).isEqualTo(parameters);
  }

  /** He et al. (2016) and the speed runs: 41 million, and 118 million for an image of CIFAR. */
  @Test
  void multiplyAdds() {
    ResNet small =
        new ResNet(3, 32, 32, 10, 20, 16, ResNet.Shortcut.IDENTITY, 1, Loss.SOFTMAX, RATES);
    long stem = 3 * 9 * 16 * 1024L;
    long first = 6 * 16 * 16 * 9 * 1024L;
    long second = (16 * 32 + 5 * 32 * 32) * 9 * 256L;
    long third = (32 * 64 + 5 * 64 * 64) * 9 * 64L;
    assertThat(costs(small)).isEqualTo(stem + first + second + third + 640);
    FastNet fast = new FastNet(3, 32, 32, 10, List.of(64, 256, 256), 1, Loss.SOFTMAX, RATES);
    assertThat(costs(fast)).isBetween(117_000_000L, 119_000_000L);
    LanguageRnn words = new LanguageRnn(50, 8, 16, 2, RnnCell.VANILLA, 7, false, false);
    assertThat(costs(words)).isEqualTo(7 * (8 * 16 + 3 * 16 * 16 + 16 * 50));
    var recurrent = new SequenceRnn.Recurrent(RnnCell.VANILLA, 16, 1, false, false, false, false);
    // The final state alone is handed on.
    SequenceRnn steps = new SequenceRnn(new SequenceRnn.Input(0, 8), recurrent, 3, 7);
    assertThat(costs(steps)).isEqualTo(7 * (8 * 16 + 16 * 16) + 16 * 3);
  }

  private static long costs(NetworkModel model) {
    return NetworkCosts.multiplyAdds(
        model.configuration(NetworkSettings.of(1, new Sgd(1))), model.inputTypes());
  }

  @Test
  void impossibleSizes() {
    assertThatThrownBy(() -> resNet(10, 4, ResNet.Shortcut.IDENTITY))
        .hasMessage("depth is 10, but expected 6n + 2, such as 20, 32 or 56, or 9");
    FastNet fast = new FastNet(3, 8, 8, 10, List.of(2, 2, 2), 1, Loss.SVM, RATES);
    assertThatThrownBy(() -> fast.configuration(NetworkSettings.of(1, new Sgd(1))))
        .hasMessage("expected images of at least 9 pixels each way for 3 stages, got 8 x 8");
  }

  /** What the whitening gives before its activation is uncorrelated and of variance 1. */
  @Test
  void whitening() {
    FastNet model = new FastNet(3, 12, 12, CLASSES, List.of(2), 1, Loss.SOFTMAX, RATES);
    ComputationGraph network = network(model, DataType.DOUBLE);
    // Neighbours and channels go together.
    INDArray noise = random.normal(50, 3, 13, 13);
    INDArray images =
        noise
            .get(all(), all(), to(0), to(0))
            .add(noise.get(all(), all(), to(1), to(0)).mul(0.5))
            .mul(3);
    images.get(all(), point(1), all(), all()).addi(images.get(all(), point(0), all(), all()));
    model.prepare(network, () -> images);
    INDArray w =
        network.getLayer(FastNet.WHITENING).paramTable().get(ExplicitLayer.WEIGHTS).dup('c');
    assertThat(w.slice(12)).isEqualTo(w.slice(0).neg());
    INDArray filters = w.reshape('c', 24, 12);
    double[][] products = new double[12][12];
    int patches = 0;
    for (int n = 0; n < 50; n++) {
      for (int i = 0; i < 11; i++) {
        for (int j = 0; j < 11; j++) {
          INDArray patch =
              images
                  .get(point(n), all(), interval(i, i + 2), interval(j, j + 2))
                  .dup('c')
                  .reshape(12, 1);
          double[] out = filters.mmul(patch).toDoubleVector();
          for (int a = 0; a < 12; a++) {
            for (int b = 0; b < 12; b++) {
              products[a][b] += out[a] * out[b];
            }
          }
          patches++;
        }
      }
    }
    for (int a = 0; a < 12; a++) {
      for (int b = 0; b < 12; b++) {
        assertThat(products[a][b] / patches).isCloseTo(a == b ? 1 : 0, within(0.01));
      }
    }
    network.fit(batch(DataType.DOUBLE));
    assertThat(network.getLayer(FastNet.WHITENING).paramTable().get("W")).isEqualTo(w);
    assertThat(sumOfSquares(network, FastNet.WHITENING, "b")).isPositive();
    assertThat(sumOfSquares(network, "scores", "b")).isZero();
    assertThat(network.getLayer("stage1-a").paramTable().get("gamma"))
        .isEqualTo(Nd4j.ones(DataType.DOUBLE, 2));
    assertThat(sumOfSquares(network, "stage1-a", "beta")).isPositive();
  }

  private static double sumOfSquares(ComputationGraph network, String layer, String param) {
    return network.getLayer(layer).paramTable().get(param).norm2Number().doubleValue();
  }

  private static INDArrayIndex all() {
    return NDArrayIndex.all();
  }

  private static INDArrayIndex point(long index) {
    return NDArrayIndex.point(index);
  }

  private static INDArrayIndex interval(long from, long end) {
    return NDArrayIndex.interval(from, end);
  }

  private static INDArrayIndex to(long from) {
    return interval(from, from + 12);
  }

  @Test
  void initialWeights() {
    INDArray view = Nd4j.create(DataType.DOUBLE, 1, 4 * 2 * 3 * 3);
    INDArray orthogonal =
        new OrthogonalInit().init(1, 1, new long[] {4, 2, 3, 3}, 'c', view).reshape('c', 4, 18);
    assertThat(
            orthogonal.mmul(orthogonal.transpose()).distance2(Nd4j.eye(4).castTo(DataType.DOUBLE)))
        .isLessThan(1e-10);
    INDArray tall = Nd4j.create(DataType.DOUBLE, 1, 6 * 2);
    INDArray columns = new OrthogonalInit().init(1, 1, new long[] {6, 2}, 'c', tall);
    assertThat(columns.transpose().mmul(columns).distance2(Nd4j.eye(2).castTo(DataType.DOUBLE)))
        .isLessThan(1e-10);
    INDArray identity = new DiracInit(null).init(1, 1, new long[] {4, 2, 3, 3}, 'c', view);
    assertThat(identity.sumNumber().doubleValue()).isEqualTo(2);
    assertThat(identity.getDouble(1, 1, 1, 1)).isEqualTo(1);
    INDArray dirac =
        new DiracInit(WeightInit.RELU).init(18, 36, new long[] {4, 2, 3, 3}, 'c', view);
    assertThat(dirac.slice(0)).isEqualTo(identity.slice(0));
    assertThat(dirac.slice(3).norm2Number().doubleValue()).isPositive();
    INDArray affine = Nd4j.create(DataType.DOUBLE, 1, 6);
    assertThat(new DiracInit(null).init(1, 1, new long[] {2, 3}, 'c', affine))
        .isEqualTo(Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 1, 0}}));
  }
}
