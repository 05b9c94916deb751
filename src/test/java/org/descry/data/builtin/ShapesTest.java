package org.descry.data.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.zip.CRC32;
import org.descry.data.EpochBatches;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ChannelNormalizerTest;
import org.descry.data.image.ImageBatches;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

class ShapesTest {
  /** CRC-32 of the first hundred training images of seed 1: images must not change unnoticed. */
  private static final long FIRST_HUNDRED = 1052707476L;

  @Test
  void theSeedDecidesEveryByteOnEveryMachine() {
    assertThat(checksum(Shapes.generate(1, 100, 10, 10).train())).isEqualTo(FIRST_HUNDRED);
    assertThat(checksum(Shapes.generate(2, 100, 10, 10).train()))
        .isNotEqualTo(checksum(Shapes.generate(1, 100, 10, 10).train()));
  }

  @Test
  void partsAreBalancedAndDifferent() {
    ImageSplits splits = Shapes.generate(3, 50, 20, 20);
    assertThat(splits.train().counts()).containsOnly(5);
    assertThat(splits.test().counts()).containsOnly(2);
    assertThat(checksum(splits.validation())).isNotEqualTo(checksum(splits.test()));
    assertThat(splits.train().labelNames()).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void aImageDoesNotDependOnHowManyThereAre() {
    assertThat(Shapes.generate(4, 30, 0, 0).train().image(29))
        .isEqualTo(Shapes.generate(4, 60, 0, 0).train().image(29));
  }

  /**
   * Softmax regression on the normalised pixels, 8 epochs of momentum: what pixels alone can tell.
   */
  @Test
  @Tag("slow")
  void aLinearModelStaysUnderSixtyPercent() {
    ImageSplits splits = Shapes.generate(1);
    ChannelNormalizer normalizer = ChannelNormalizer.fit(splits.train());
    INDArray weights = Nd4j.zeros(DataType.FLOAT, 3072, 10);
    INDArray bias = Nd4j.zeros(DataType.FLOAT, 1, 10);
    INDArray momentum = Nd4j.zeros(DataType.FLOAT, 3072, 10);
    try (EpochBatches batches =
        ImageBatches.of(splits.train(), normalizer, 100).shuffle(1).build()) {
      for (int epoch = 0; epoch < 8; epoch++) {
        double rate = 0.002 / (1 + epoch / 5.0);
        while (batches.hasNext()) {
          var batch = batches.next();
          INDArray x = batch.getFeatures(0).dup('c').reshape(-1, 3072);
          INDArray p = Transforms.softmax(x.mmul(weights).addiRowVector(bias));
          INDArray d = p.subi(batch.getLabels(0)).divi(batch.getLabels(0).rows());
          momentum.muli(0.9).addi(x.transpose().mmul(d)).addi(weights.mul(1e-3));
          weights.subi(momentum.mul(rate));
          bias.subi(d.sum(true, 0).muli(rate));
        }
        batches.reset();
      }
    }
    double train = accuracy(splits.train(), normalizer, weights, bias);
    double test = accuracy(splits.test(), normalizer, weights, bias);
    System.getLogger("Shapes").log(System.Logger.Level.INFO, "linear " + train + ", " + test);
    assertThat(test).isBetween(0.1, 0.6);
  }

  private static double accuracy(
      ImageSet images, ChannelNormalizer normalizer, INDArray weights, INDArray bias) {
    INDArray x =
        normalizer.apply(32, 32, ChannelNormalizerTest.images(images)).dup('c').reshape(-1, 3072);
    int[] chosen = x.mmul(weights).addiRowVector(bias).argMax(1).toIntVector();
    int right = 0;
    for (int i = 0; i < chosen.length; i++) {
      right += chosen[i] == images.label(i) ? 1 : 0;
    }
    return (double) right / chosen.length;
  }

  private static long checksum(ImageSet images) {
    CRC32 crc = new CRC32();
    for (int i = 0; i < images.size(); i++) {
      crc.update(images.pixels(i));
    }
    return crc.getValue();
  }
}
