package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.descry.replay.RecordedStepTest.bits;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.dnn.Precision;
import org.descry.kernel.Activation;
import org.descry.model.ConvNet;
import org.descry.model.Loss;
import org.descry.model.NetworkSettings;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

/**
 * In bfloat16 a convolution's images are rounded in the forward pass, for both passes: whatever
 * else the network is used for, its steps give the same bits.
 */
class RoundedImagesTest {
  private static final int STEPS = 5;
  private static final int EXAMPLES = 6;

  @BeforeEach
  void needsBfloat16() {
    String obstacle = Precision.BFLOAT16.obstacle();
    assumeTrue(obstacle == null, "no bfloat16: " + obstacle);
  }

  /** Its stages see images of 3 x 32 x 32, 8 x 16 x 16 and, small ones, 8 x 8 x 8. */
  private static ComputationGraph network(boolean batchNorm) {
    List<ConvNet.Stage> stages =
        List.of(
            new ConvNet.Stage(8, 3, true),
            new ConvNet.Stage(8, 3, true),
            new ConvNet.Stage(8, 3, false));
    ComputationGraph network =
        new ComputationGraph(
            new ConvNet(
                    3, 32, 32, 4, stages, List.of(), 0, Loss.SOFTMAX, batchNorm, 0, Activation.RELU)
                .configuration(NetworkSettings.of(3, new Adam(0.01))));
    network.init();
    return network;
  }

  private static MultiDataSet batch(int seed) {
    INDArray images = new RandomArrays(seed).floats(EXAMPLES, 32, 32, 3);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, EXAMPLES, 4);
    for (int i = 0; i < EXAMPLES; i++) {
      labels.putScalar(i, (i + seed) % 4, 1);
    }
    return new MultiDataSet(images.permute(0, 3, 1, 2), labels);
  }

  private static <T> T inBfloat16(Supplier<T> work) {
    return Precision.BFLOAT16.during(work);
  }

  /** Answers on as many images as a step has, and on as many as a shard has. */
  private static void use(ComputationGraph network, int seed) {
    INDArray images = batch(seed).getFeatures(0);
    inBfloat16(() -> network.output(images));
    inBfloat16(() -> network.output(images.get(NDArrayIndex.interval(0, EXAMPLES / 2))));
    network.output(images);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recordedStepsGiveTheBitsOfFit(boolean batchNorm) {
    ComputationGraph fitted = network(batchNorm);
    ComputationGraph replayed = network(batchNorm);
    RecordedStep step = RecordedStep.of(replayed, Precision.BFLOAT16);
    for (int i = 0; i < STEPS; i++) {
      MultiDataSet batch = batch(i);
      inBfloat16(
          () -> {
            fitted.fit(batch);
            return null;
          });
      step.fit(batch(i));
      use(replayed, i + 1);
    }
    assertThat(bits(replayed.params())).isEqualTo(bits(fitted.params()));
  }

  @Test
  void shardsGiveTheSameBitsWhateverIsDoneBetweenSteps() {
    ComputationGraph quiet = network(false);
    ComputationGraph busy = network(false);
    Division halves = new Division(2, true, false);
    RecordedStep quietStep = RecordedStep.sharing(quiet, Precision.BFLOAT16, halves, null);
    RecordedStep busyStep = RecordedStep.sharing(busy, Precision.BFLOAT16, halves, null);
    for (int i = 0; i < STEPS; i++) {
      quietStep.fit(batch(i));
      busyStep.fit(batch(i));
      use(busy, i + 1);
    }
    assertThat(busyStep.parts()).isEqualTo(2);
    assertThat(bits(busy.params())).isEqualTo(bits(quiet.params()));
  }
}
