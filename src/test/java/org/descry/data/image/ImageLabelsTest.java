package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.descry.data.EpochBatches;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The labels of a batch of images, and what they count. */
class ImageLabelsTest {
  private static final ImageSet IMAGES = Samples.noise(23, 6, 5, 3, 4);
  private static final ChannelNormalizer NORMALIZER = ChannelNormalizer.fit(IMAGES);

  @Test
  void smoothedLabelsGiveEveryClassItsShare() {
    try (EpochBatches batches = ImageBatches.of(IMAGES, NORMALIZER, 4).smoothLabels(0.2).build()) {
      float[][] labels = batches.next().getLabels(0).toFloatMatrix();
      for (int i = 0; i < labels.length; i++) {
        float[] expected = {0.05f, 0.05f, 0.05f, 0.05f};
        expected[IMAGES.label(i)] = 0.85f;
        assertThat(labels[i]).containsExactly(expected);
      }
    }
    assertThatThrownBy(() -> ImageBatches.of(IMAGES, NORMALIZER, 4).smoothLabels(1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void weightsAreThoseOfTheClassesAndBlendAsLabelsDo() {
    float[] weights = {1, 2, 0.5f, 3};
    ImageBatches plain = ImageBatches.of(IMAGES, NORMALIZER, 10).weigh(weights);
    try (EpochBatches batches = plain.build()) {
      for (int at = 0; batches.hasNext(); ) {
        float[] given = batches.next().getLabelsMaskArray(0).toFloatVector();
        for (float weight : given) {
          assertThat(weight).isEqualTo(weights[IMAGES.label(at++)]);
        }
      }
    }
    Augmentation mixup = new Augmentation(false, 0, false, false, 0, 0, 0, 1, 0.7);
    try (EpochBatches batches = plain.augment(mixup, 3).build()) {
      MultiDataSet batch = batches.next();
      INDArray expected = batch.getLabels(0).mmul(Nd4j.createFromArray(weights).reshape(4, 1));
      assertThat(batch.getLabelsMaskArray(0).equalsWithEps(expected, 1e-6)).isTrue();
    }
    assertThatThrownBy(() -> plain.weigh(new float[3])).hasMessage("expected 4 weights, got 3");
  }
}
