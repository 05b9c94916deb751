package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.descry.data.EpochBatches;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What each recipe does to one batch. */
class AugmentationTest {
  private static final int SIDE = 12;
  private static final int COUNT = 40;

  /** Normalised, a byte of these images is never 0. */
  private static final ChannelNormalizer NORMALIZER =
      new ChannelNormalizer(List.of(-1.0, -1.0, -1.0), List.of(1.0, 1.0, 1.0));

  private static final Augmentation NONE = Augmentation.NONE;

  /** Every image has one byte throughout, another than its neighbours. */
  private static ImageSet plain() {
    byte[][] images = new byte[COUNT][SIDE * SIDE * 3];
    for (int i = 0; i < COUNT; i++) {
      Arrays.fill(images[i], (byte) (i + 100));
    }
    return set(images);
  }

  /** The byte of a pixel is its column. */
  private static ImageSet ramps() {
    byte[][] images = new byte[COUNT][SIDE * SIDE * 3];
    for (byte[] image : images) {
      for (int p = 0; p < image.length; p++) {
        image[p] = (byte) (10 * (p / 3 % SIDE));
      }
    }
    return set(images);
  }

  private static ImageSet set(byte[][] images) {
    int[] labels = new int[COUNT];
    Arrays.setAll(labels, i -> i < COUNT / 8 ? 0 : 1 + i % 2);
    return new ImageSet(SIDE, SIDE, 3, List.of("few", "b", "c"), images, labels);
  }

  private static MultiDataSet batch(ImageSet images, Augmentation augmentation, int epoch) {
    return batch(images, epoch, batches -> batches.augment(augmentation, 5));
  }

  private static MultiDataSet batch(
      ImageSet images, int epoch, UnaryOperator<ImageBatches> settings) {
    try (EpochBatches batches =
        settings.apply(ImageBatches.of(images, NORMALIZER, COUNT)).build()) {
      batches.start(epoch, 0);
      MultiDataSet batch = batches.next();
      return new org.nd4j.linalg.dataset.MultiDataSet(
          batch.getFeatures(0).dup('c'), batch.getLabels(0).dup('c'));
    }
  }

  private static List<Integer> zeros(MultiDataSet batch) {
    List<Integer> zeros = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      INDArray image = batch.getFeatures(0).slice(i).dup('c');
      zeros.add((int) Arrays.stream(image.data().asDouble()).filter(v -> v == 0).count());
    }
    return zeros;
  }

  private static float[] row(MultiDataSet batch, int image) {
    return Arrays.copyOf(batch.getFeatures(0).slice(image).dup('c').data().asFloat(), SIDE);
  }

  @Test
  void cutoutClearsASquareAsFarAsItIsInside() {
    var cutout = new Augmentation(false, 0, false, false, 4, 0, 0, 1, 0);
    assertThat(zeros(batch(plain(), cutout, 0)))
        .allSatisfy(count -> assertThat(count).isBetween(3 * 2 * 2, 3 * 4 * 4))
        .contains(3 * 4 * 4);
    assertThat(zeros(batch(plain(), NONE, 0))).containsOnly(0);
  }

  @Test
  void erasingClearsARectangleOfSomeImages() {
    var erase = new Augmentation(false, 0, false, false, 0, 0.5, 0, 1, 0);
    List<Integer> zeros = zeros(batch(plain(), erase, 0));
    assertThat(zeros).contains(0);
    assertThat(zeros.stream().filter(count -> count > 0))
        .hasSizeBetween(10, 30)
        .allMatch(count -> count <= 0.4 * 3 * SIDE * SIDE);
  }

  @Test
  void reflectionUncoversNothing() {
    var shifted = new Augmentation(false, 3);
    var reflected = new Augmentation(false, 3, false, true, 0, 0, 0, 1, 0);
    assertThat(zeros(batch(plain(), shifted, 0))).anyMatch(count -> count > 0);
    assertThat(zeros(batch(plain(), reflected, 0))).containsOnly(0);
  }

  @Test
  void alternatingFlipsMirrorWhatTheEpochBeforeDidNot() {
    var alternate = new Augmentation(true, 0, true, false, 0, 0, 0, 1, 0);
    MultiDataSet first = batch(ramps(), alternate, 0);
    MultiDataSet second = batch(ramps(), alternate, 1);
    assertThat(batch(ramps(), alternate, 2).getFeatures(0)).isEqualTo(first.getFeatures(0));
    int mirrored = 0;
    for (int i = 0; i < COUNT; i++) {
      float[] a = row(first, i);
      float[] b = row(second, i);
      for (int x = 0; x < SIDE; x++) {
        assertThat(a[x]).isEqualTo(b[SIDE - 1 - x]);
      }
      mirrored += a[0] > a[1] ? 1 : 0;
    }
    assertThat(mirrored).isBetween(10, 30);
  }

  @Test
  void jitterChangesBrightnessWithinItsBounds() {
    var jitter = new Augmentation(false, 0, false, false, 0, 0, 0.2, 1, 0);
    MultiDataSet batch = batch(plain(), jitter, 0);
    int changed = 0;
    for (int i = 0; i < COUNT; i++) {
      float[] row = row(batch, i);
      double before = (i + 100) / 255.0;
      double after = row[0] - 1;
      assertThat(row).containsOnly(row[0]); // a plain image has no contrast
      assertThat(after / before).isBetween(0.79, 1.21);
      changed += Math.abs(after - before) > 0.01 ? 1 : 0;
    }
    assertThat(changed).isGreaterThan(COUNT / 2);
  }

  @Test
  void cropsShowAPartOfTheImage() {
    var crop = new Augmentation(false, 0, false, false, 0, 0, 0, 0.25, 0);
    MultiDataSet batch = batch(ramps(), crop, 0);
    int narrower = 0;
    for (int i = 0; i < COUNT; i++) {
      float[] row = row(batch, i);
      assertThat(row).isSorted();
      assertThat(row[0]).isBetween(1f, 1 + 110 / 255f);
      narrower += row[SIDE - 1] - row[0] < 100 / 255f ? 1 : 0;
    }
    assertThat(narrower).isGreaterThan(COUNT / 2);
  }

  @Test
  void mixupBlendsImagesAndLabelsByOneShare() {
    var mixup = new Augmentation(false, 0, false, false, 0, 0, 0, 1, 1);
    MultiDataSet batch = batch(plain(), mixup, 3);
    double share = batch.getLabels(0).getDouble(0, 0);
    assertThat(share).isStrictlyBetween(0.0, 1.0);
    for (int i = 0; i < COUNT; i++) {
      int other = COUNT - 1 - i;
      double expected = 1 + (share * (i + 100) + (1 - share) * (other + 100)) / 255;
      assertThat((double) row(batch, i)[0]).isCloseTo(expected, within(1e-5));
      assertThat(batch.getLabels(0).getRow(i).sumNumber().doubleValue()).isCloseTo(1, within(1e-6));
    }
    assertThat(batch(plain(), mixup, 4).getLabels(0).getDouble(0, 0)).isNotEqualTo(share);
  }

  @Test
  void balancedEpochsShowAsManyOfEachClass() {
    MultiDataSet batch = batch(plain(), 0, batches -> batches.shuffle(1).balance(1));
    double[] counts = batch.getLabels(0).sum(0).toDoubleVector();
    assertThat(counts).containsExactly(14, 13, 13);
    assertThat(batch(plain(), 1, batches -> batches.shuffle(1).balance(1)).getFeatures(0))
        .isNotEqualTo(batch.getFeatures(0));
  }

  @Test
  void viewsMoveAndMirrorAlike() {
    MultiDataSet view =
        batch(ramps(), 0, batches -> batches.view(new ImageBatches.View(0, 1, false)));
    float[] expected = new float[SIDE];
    for (int x = 0; x < SIDE; x++) {
      expected[x] = 1 + 10 * (x == SIDE - 1 ? SIDE - 2 : x + 1) / 255f;
    }
    assertThat(row(view, 3)).containsExactly(expected, within(1e-6f));
  }
}
