package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.EpochBatches;
import org.descry.data.builtin.Shapes;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageBatches;
import org.descry.data.image.ImageSet;
import org.descry.engine.Engine;
import org.descry.engine.dnn.Precision;
import org.descry.model.Loss;
import org.descry.model.NetworkSettings;
import org.descry.model.ThreeLayerConvNet;
import org.descry.replay.Division;
import org.descry.replay.RecordedStep;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** A training whose batches are split is that of whole batches, but for the rounding of sums. */
class LongSplitTest {
  private static final int STEPS = 160;

  private static ComputationGraph network(ImageSet images) {
    NetworkSettings solver =
        new NetworkSettings(
            7, new Adam(1e-3), 1e-3, 0, GradientNormalization.None, 1, DataType.DOUBLE);
    ThreeLayerConvNet net =
        new ThreeLayerConvNet(
            images.channels(),
            images.height(),
            images.width(),
            images.classes(),
            16,
            7,
            50,
            0,
            Loss.SOFTMAX);
    ComputationGraph network = new ComputationGraph(net.configuration(solver));
    network.init();
    return network;
  }

  @Test
  @Tag("slow")
  void ofTheThreeLayerNetworkInFloat64() {
    Engine.start();
    ImageSet images = Shapes.generate(7, STEPS * 20 / 4, 10, 10).train();
    ComputationGraph whole = network(images);
    ComputationGraph divided = network(images);
    RecordedStep one = RecordedStep.of(whole);
    RecordedStep shards =
        RecordedStep.sharing(divided, Precision.FLOAT32, new Division(3, true), null);
    try (EpochBatches batches =
        ImageBatches.of(images, ChannelNormalizer.fit(images), 20).shuffle(7).build()) {
      for (int step = 0; step < STEPS; step++) {
        if (!batches.hasNext()) {
          batches.reset();
        }
        var batch = batches.next();
        INDArray[] features = {batch.getFeatures(0).castTo(DataType.DOUBLE)};
        INDArray[] labels = {batch.getLabels(0).castTo(DataType.DOUBLE)};
        one.fit(new MultiDataSet(features, labels));
        shards.fit(new MultiDataSet(features, labels));
        assertThat(divided.score()).isCloseTo(whole.score(), within(1e-9));
      }
    }
    assertThat(shards.parts()).isEqualTo(3);
    INDArray off = divided.params().sub(whole.params());
    assertThat(off.amaxNumber().doubleValue()).isLessThan(1e-9);
  }
}
