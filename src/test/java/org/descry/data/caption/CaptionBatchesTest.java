package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.descry.data.EpochBatches;
import org.descry.data.image.ChannelNormalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class CaptionBatchesTest {
  private static final Vocabulary VOCABULARY = Vocabulary.of(List.of(List.of("a", "a", "b")), 1);

  /** Image i has the feature i and the captions "a b" and "a". */
  private static CaptionSet features(int images) {
    float[][] rows = new float[images][];
    for (int i = 0; i < images; i++) {
      rows[i] = new float[] {i};
    }
    return set(new FeatureInputs(rows, 1));
  }

  private static CaptionSet set(ImageInputs inputs) {
    List<String> names = IntStream.range(0, inputs.size()).mapToObj(i -> i + ".jpg").toList();
    List<List<String>> texts = names.stream().map(n -> List.of("A b.", "a")).toList();
    return new CaptionSet(names, inputs, texts, VOCABULARY, 10);
  }

  /** The images and first targets of an epoch, batch by batch. */
  private static List<String> epoch(EpochBatches batches) {
    List<String> seen = new ArrayList<>();
    while (batches.hasNext()) {
      MultiDataSet batch = batches.next();
      seen.add(batch.getFeatures(0).ravel() + " " + batch.getLabelsMaskArray(0).sum(1));
    }
    return seen;
  }

  @Test
  void readsOneTokenAndSaysTheNext() {
    try (EpochBatches batches = CaptionBatches.inOrder(features(1), 2, 4)) {
      MultiDataSet batch = batches.next();
      assertThat(batch.getFeatures(1).toFloatMatrix())
          .isDeepEqualTo(new float[][] {{1, 4, 5, 0}, {1, 4, 0, 0}});
      assertThat(batch.getLabels(0).toFloatMatrix())
          .isDeepEqualTo(new float[][] {{4, 5, 2, 0}, {4, 2, 0, 0}});
      assertThat(batch.getLabelsMaskArray(0).toFloatMatrix())
          .isDeepEqualTo(new float[][] {{1, 1, 1, 0}, {1, 1, 0, 0}});
      assertThat(batch.getFeatures(1).dataType()).isEqualTo(DataType.FLOAT);
      assertThat(batch.getFeatures(1).stride()).containsExactly(1, 2);
      assertThat(batch.getFeaturesMaskArrays()).isNull();
    }
  }

  @Test
  void aImageComesWithAllItsCaptions() {
    FeatureInputs inputs = new FeatureInputs(new float[][] {{7}, {8}}, 1);
    List<List<String>> texts = List.of(List.of("a", "a b"), List.of("b"));
    CaptionSet set = new CaptionSet(List.of("7.jpg", "8.jpg"), inputs, texts, VOCABULARY, 10);
    try (EpochBatches batches = CaptionBatches.together(set, 4, 3, 1)) {
      assertThat(batches.batches()).isEqualTo(1);
      MultiDataSet batch = batches.next();
      int first = batch.getFeatures(0).getInt(0) == 7 ? 0 : 2;
      float[][] mask = batch.getLabelsMaskArray(0).toFloatMatrix();
      assertThat(batch.getFeatures(0).length()).isEqualTo(2);
      assertThat(mask[first]).containsExactly(1, 1, 0);
      assertThat(mask[first + 1]).containsExactly(1, 1, 1);
      assertThat(mask[2 - first]).containsExactly(1, 1, 0);
      assertThat(mask[3 - first]).containsExactly(0, 0, 0);
    }
  }

  @Test
  void imagesAreNormalisedAndLieChannelsLast() {
    byte[][] pixels = {{0, (byte) 255, 51, 102, 0, 51}};
    ChannelNormalizer normalizer =
        new ChannelNormalizer(List.of(0.0, 0.5, 0.0), List.of(1.0, 0.5, 2.0));
    CaptionSet set = set(new PixelInputs(pixels, 3, 1, 2, normalizer));
    try (EpochBatches batches = CaptionBatches.inOrder(set, 2, 3)) {
      var images = batches.next().getFeatures(0);
      assertThat(images.shape()).containsExactly(2, 3, 1, 2);
      assertThat(images.stride(1)).isOne();
      for (int n = 0; n < 2; n++) {
        assertThat(images.getFloat(n, 0, 0, 1)).isEqualTo(0.4f);
        assertThat(images.getFloat(n, 1, 0, 0)).isEqualTo(1f);
        assertThat(images.getFloat(n, 2, 0, 0)).isEqualTo(0.1f);
      }
    }
  }

  @Test
  void anEpochShowsEveryImageOnceInAnOrderOfItsOwn() {
    try (EpochBatches batches = CaptionBatches.together(features(23), 4, 3, 9);
        EpochBatches again = CaptionBatches.together(features(23), 4, 3, 9)) {
      assertThat(batches.batches()).isEqualTo(12);
      int[] seen = new int[23];
      while (batches.hasNext()) {
        for (float image : batches.next().getFeatures(0).ravel().toFloatVector()) {
          seen[(int) image]++;
        }
      }
      assertThat(seen).containsOnly(1);
      assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);

      batches.start(0, 0);
      List<String> first = epoch(batches);
      batches.reset();
      List<String> second = epoch(batches);
      assertThat(batches.epoch()).isOne();
      assertThat(second).isNotEqualTo(first);
      again.start(1, 0);
      assertThat(epoch(again)).isEqualTo(second);
      again.start(0, 0);
      assertThat(epoch(again)).isEqualTo(first);
    }
  }

  @Test
  void resettingInTheMiddleLosesNoBuffer() {
    try (EpochBatches batches = CaptionBatches.together(features(23), 4, 3, 9)) {
      for (int i = 0; i < 20; i++) {
        batches.next();
        batches.next();
        batches.reset();
        assertThat(batches.epoch()).isEqualTo(i + 1);
      }
      batches.reset();
      assertThat(batches.epoch()).isEqualTo(20);
      assertThat(epoch(batches)).hasSize(12);
    }
  }

  @Test
  @Timeout(20)
  void aFailureOfTheSourceReachesTheConsumer() {
    float[][] rows = {{0}, {1}, {2}, {3}};
    CaptionSet set = set(new FeatureInputs(rows, 1));
    rows[2] = null;
    try (EpochBatches batches = CaptionBatches.inOrder(set, 2, 3)) {
      batches.next();
      batches.next();
      assertThatThrownBy(batches::next).isInstanceOf(NullPointerException.class);
      assertThatThrownBy(batches::next).isInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void buffersAreUsedAgain() {
    try (EpochBatches batches = CaptionBatches.inOrder(features(20), 2, 3)) {
      long distinct =
          IntStream.range(0, 20)
              .mapToLong(i -> batches.next().getLabels(0).data().address())
              .distinct()
              .count();
      assertThat(distinct).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void refusesTooFewStepsAndOtherBatchSizes() {
    assertThatThrownBy(() -> CaptionBatches.inOrder(features(1), 2, 2))
        .hasMessageContaining("at least 3 steps");
    try (EpochBatches batches = CaptionBatches.inOrder(features(1), 2, 3)) {
      assertThat(batches.asyncSupported()).isFalse();
      assertThatThrownBy(() -> batches.next(5)).isInstanceOf(UnsupportedOperationException.class);
    }
  }

  /** Images of captions of 1 to 9 words: all captions once, in batches as long as need be. */
  @Test
  void bucketsHaveEveryImageOnce() {
    float[][] features = new float[60][];
    List<List<String>> texts = new ArrayList<>();
    for (int i = 0; i < features.length; i++) {
      features[i] = new float[] {i};
      texts.add(List.of("a " + "b ".repeat(i % 9), "b"));
    }
    List<String> names = IntStream.range(0, 60).mapToObj(i -> i + ".jpg").toList();
    CaptionSet set = new CaptionSet(names, new FeatureInputs(features, 1), texts, VOCABULARY, 10);
    int[] times = new int[features.length];
    long bucketed = 0;
    long whole = 0;
    try (EpochBatches batches = CaptionBatches.bucketed(set, 8, 3, Presentation.PLAIN);
        EpochBatches padded = CaptionBatches.together(set, 8, set.longest() - 1, 3)) {
      assertThat(batches.batches()).isEqualTo(padded.batches());
      while (batches.hasNext()) {
        MultiDataSet batch = batches.next();
        bucketed += batch.getLabelsMaskArray(0).length();
        whole += padded.next().getLabelsMaskArray(0).length();
        for (int row = 0; row < batch.getFeatures(0).size(0); row++) {
          int image = batch.getFeatures(0).getInt(row, 0);
          times[image]++;
          float[] mask = batch.getLabelsMaskArray(0).getRow(2 * row).toFloatVector();
          float words = 0;
          for (float kept : mask) {
            words += kept;
          }
          assertThat(words).isEqualTo(2 + image % 9);
        }
      }
    }
    assertThat(times).containsOnly(1);
    assertThat(bucketed).isLessThan(3 * whole / 4);
  }
}
