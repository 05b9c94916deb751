package org.descry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.kernel.RnnCell;
import org.descry.model.CaptioningRnn.Extras;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class CaptioningRnnTest {
  private static final int WORDS = 200;
  private static final int STEPS = 16;

  private final Random random = new Random(3);

  private static ComputationGraph network(CaptioningRnn model, IUpdater updater) {
    ComputationGraph network =
        new ComputationGraph(model.configuration(NetworkSettings.of(1, updater)));
    network.init();
    return network;
  }

  /** Random sentences of 6 to 16 words about the given images. */
  private MultiDataSet sentences(INDArray images, int rows) {
    float[][] read = new float[rows][STEPS];
    float[][] said = new float[rows][STEPS];
    float[][] mask = new float[rows][STEPS];
    for (int row = 0; row < rows; row++) {
      int length = 6 + random.nextInt(STEPS - 5);
      int before = 1;
      for (int t = 0; t < length; t++) {
        read[row][t] = before;
        before = t == length - 1 ? 2 : 4 + random.nextInt(WORDS - 4);
        said[row][t] = before;
        mask[row][t] = 1;
      }
    }
    return new MultiDataSet(
        new INDArray[] {images, Nd4j.createFromArray(read)},
        new INDArray[] {Nd4j.createFromArray(said)},
        null,
        new INDArray[] {Nd4j.createFromArray(mask)});
  }

  private INDArray normal(long... shape) {
    INDArray values = Nd4j.create(DataType.FLOAT, shape);
    for (long i = 0; i < values.length(); i++) {
      values.putScalar(i, random.nextGaussian());
    }
    return values;
  }

  /** The overfit check of the field: two epochs' steps, fifty times. */
  @Test
  void fiftyCaptionsAreLearntByHeart() {
    CaptioningRnn model = new CaptioningRnn(512, null, WORDS, 256, 512, 1, RnnCell.VANILLA, STEPS);
    ComputationGraph network =
        network(model, new Adam(new ExponentialSchedule(ScheduleType.EPOCH, 5e-3, 0.95)));
    List<MultiDataSet> batches =
        List.of(sentences(normal(25, 512), 25), sentences(normal(25, 512), 25));
    double loss = Double.NaN;
    for (int epoch = 0; epoch < 50; epoch++) {
      for (MultiDataSet batch : batches) {
        network.fit(batch);
        loss = network.score();
      }
      network.incrementEpochCount();
    }
    assertThat(loss).isLessThan(0.1);
  }

  private static CaptioningRnn small(boolean frozen) {
    var images =
        new CaptioningRnn.Images(3, 8, 8, List.of(new ConvNet.Stage(4, 3, true)), false, frozen);
    return new CaptioningRnn(0, images, WORDS, 8, 16, 2, RnnCell.VANILLA, STEPS);
  }

  @Test
  void aImageThatSeveralCaptionsShareCountsAsIfItWereRepeated() {
    INDArray images = normal(2, 3, 8, 8);
    MultiDataSet shared = sentences(images, 6);
    MultiDataSet repeated =
        new MultiDataSet(
            new INDArray[] {images.repeat(0, 3), shared.getFeatures(1)},
            shared.getLabels(),
            null,
            shared.getLabelsMaskArrays());
    ComputationGraph one = network(small(false), new Sgd(0.1));
    ComputationGraph other = network(small(false), new Sgd(0.1));
    one.fit(shared);
    other.fit(repeated);
    assertThat(one.score()).isCloseTo(other.score(), Offset.offset(1e-4));
    assertThat(one.params().distance2(other.params())).isLessThan(1e-5);
    assertThat(one.params()).isNotEqualTo(network(small(false), new Sgd(0.1)).params());
  }

  /** The places are made ready once, and looked at before each word. */
  @Test
  void whatLookingCostsIsCounted() {
    var images = small(false).images();
    var attention = new CaptioningRnn.Attention(5, 1);
    var model =
        new CaptioningRnn(
            0,
            images,
            WORDS,
            8,
            16,
            2,
            RnnCell.LSTM,
            STEPS,
            new Extras(attention, 0, 0, false, false));
    NetworkSettings solver = NetworkSettings.of(1, new Sgd(0.1));
    long stage = 8 * 8 * (3 * 3 * 3 * 4);
    long projection = 4 * (2 * 2 * 16);
    long places = 4 * 4;
    long cells = (8 + 16) * 64 + (16 + 16) * 64;
    long looks = 16 * 5 + places * 5 + 4 * 64;
    long expected = stage + projection + places * 4 * 5 + STEPS * (cells + looks + 16L * WORDS);
    assertThat(NetworkCosts.multiplyAdds(model.configuration(solver), model.inputTypes()))
        .isEqualTo(expected);
  }

  @Test
  void frozenStagesKeepTheirParameters() {
    ComputationGraph network = network(small(true), new Adam(0.01));
    INDArray stage = network.getLayer(ConvNet.stageName(0)).params().dup();
    INDArray projection = network.getLayer(CaptioningRnn.PROJECTION).params().dup();
    network.fit(sentences(normal(6, 3, 8, 8), 6));
    assertThat(network.getLayer(ConvNet.stageName(0)).params()).isEqualTo(stage);
    assertThat(network.getLayer(CaptioningRnn.PROJECTION).params()).isNotEqualTo(projection);
  }
}
