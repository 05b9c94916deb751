package org.descry.train.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.Engine;
import org.descry.engine.dnn.Precision;
import org.descry.engine.dnn.Team;
import org.descry.job.JobFile;
import org.descry.kernel.Activation;
import org.descry.model.ConvNet;
import org.descry.model.Loss;
import org.descry.model.NetworkSettings;
import org.descry.replay.RecordedStep;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

/** Local SGD is what its formula says: steps apart, then a mean. */
class LocalStepsTest {
  private static final int ROWS = 10;

  @BeforeAll
  static void start() {
    Engine.start();
  }

  private static ComputationGraph network() {
    ConvNet net =
        new ConvNet(
            1,
            6,
            6,
            3,
            List.of(new ConvNet.Stage(4, 3, true)),
            List.of(),
            0,
            Loss.SOFTMAX,
            false,
            0,
            Activation.RELU);
    ComputationGraph network =
        new ComputationGraph(net.configuration(NetworkSettings.of(4, new Adam(0.01))));
    network.init();
    return network;
  }

  private static Fitter fitter(int every) {
    String job =
        """
        name: small
        model: {type: three-layer-convnet}
        data: {source: shapes}
        training: {batchSize: 10, split: 2, averageEvery: %s}
        """;
    return new Fitter(JobFile.parse("job", job.formatted(every)).job().training(), false);
  }

  private static MultiDataSet batch(int seed) {
    Random random = new Random(seed);
    double[] pixels = random.doubles(ROWS * 36, -1, 1).toArray();
    INDArray labels = Nd4j.zeros(ROWS, 3);
    IntStream.range(0, ROWS).forEach(i -> labels.putScalar(i, random.nextInt(3), 1));
    INDArray images = Nd4j.createFromArray(pixels).castTo(labels.dataType());
    return new MultiDataSet(images.reshape(ROWS, 1, 6, 6), labels);
  }

  private static MultiDataSet rows(MultiDataSet batch, int from, int to) {
    return new MultiDataSet(
        batch.getFeatures(0).get(NDArrayIndex.interval(from, to)).dup(),
        batch.getLabels(0).get(NDArrayIndex.interval(from, to)).dup());
  }

  private static double fit(RecordedStep step, ComputationGraph network, MultiDataSet batch) {
    return Team.alone(
        () -> {
          step.fit(batch);
          return network.score();
        });
  }

  private static INDArray mean(INDArray one, INDArray other) {
    return one.add(other).muli(0.5);
  }

  private static INDArray state(ComputationGraph network) {
    return network.getUpdater().getStateViewArray();
  }

  @Test
  void everyShardStepsByItselfAndAllGoOnFromTheMean() {
    ComputationGraph network = network();
    ComputationGraph one = network();
    ComputationGraph other = network();
    RecordedStep first = RecordedStep.of(one, Precision.FLOAT32);
    RecordedStep second = RecordedStep.of(other, Precision.FLOAT32);
    Fitter fitter = fitter(3);
    for (int i = 1; i <= 8; i++) {
      MultiDataSet batch = batch(i);
      double loss =
          (fit(first, one, rows(batch, 0, 5)) + fit(second, other, rows(batch, 5, ROWS))) / 2;
      assertThat(fitter.fit(network, batch, ROWS).loss()).isCloseTo(loss, within(1e-12));
      if (i % 3 == 0 || i == 8) {
        if (i == 8) {
          assertThat(fitter.together()).isFalse();
          fitter.gather();
        }
        INDArray params = mean(one.params(), other.params());
        INDArray updater = mean(state(one), state(other));
        List.of(one, other).forEach(each -> each.params().assign(params));
        List.of(one, other).forEach(each -> state(each).assign(updater));
        assertThat(network.params().toFloatVector()).isEqualTo(params.toFloatVector());
        assertThat(state(network).reshape(updater.length()).toFloatVector())
            .isEqualTo(updater.reshape(updater.length()).toFloatVector());
        assertThat(fitter.together()).isTrue();
      }
    }
    assertThat(network.getIterationCount()).isEqualTo(8);
    assertThat(fitter.parts()).isEqualTo(2);
  }

  /** All count the same steps, so that they end in the same one. */
  @Test
  void aLossThatIsNotFiniteInOneShardIsThatOfTheStep() {
    ComputationGraph network = network();
    Fitter fitter = fitter(2);
    fitter.fit(network, batch(1), ROWS);
    MultiDataSet wrong = batch(2);
    wrong.getFeatures(0).putScalar(new int[] {7, 0, 0, 0}, Float.POSITIVE_INFINITY);
    assertThat(Double.isFinite(fitter.fit(network, wrong, ROWS).loss())).isFalse();
    assertThat(network.getIterationCount()).isEqualTo(1);
  }
}
