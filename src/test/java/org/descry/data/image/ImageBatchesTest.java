package org.descry.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.descry.DescryException;
import org.descry.data.EpochBatches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ImageBatchesTest {
  private static final ImageSet IMAGES = Samples.noise(23, 6, 5, 3, 4);
  private static final ChannelNormalizer NORMALIZER = ChannelNormalizer.fit(IMAGES);

  @Test
  void plainBatchesAreTheNormalisedImagesInOrder() {
    INDArray expected = NORMALIZER.apply(6, 5, ChannelNormalizerTest.images(IMAGES));
    try (EpochBatches batches = ImageBatches.of(IMAGES, NORMALIZER, 10).build()) {
      int at = 0;
      while (batches.hasNext()) {
        MultiDataSet batch = batches.next();
        assertThat(batch.getFeatures(0).stride(1)).as("channels-last memory").isEqualTo(1);
        assertThat(batch.getLabels(0).sumNumber().intValue()).isEqualTo(batch.getLabels(0).rows());
        for (int i = 0; i < batch.getLabels(0).rows(); i++, at++) {
          assertThat(batch.getFeatures(0).slice(i).dup()).isEqualTo(expected.slice(at).dup());
          assertThat(batch.getLabels(0).getRow(i).argMax().getInt(0)).isEqualTo(IMAGES.label(at));
        }
      }
      assertThat(at).isEqualTo(23);
      assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  /** What others work on is not even asked for; images that are blended need their partners. */
  @Test
  void aPartOfEachBatchIsMadeAlone() {
    Augmentation mixup = new Augmentation(false, 0, false, false, 0, 0, 0, 1, 0.7);
    for (Augmentation augmentation : List.of(Augmentation.NONE, mixup)) {
      Set<Integer> asked = ConcurrentHashMap.newKeySet();
      ImageBatches settings = ImageBatches.of(IMAGES, NORMALIZER, 10).augment(augmentation, 3);
      try (EpochBatches whole = settings.build();
          EpochBatches parts =
              settings
                  .only(size -> new int[] {4, 7})
                  .build(
                      image -> {
                        asked.add(image);
                        return IMAGES.pixels(image);
                      })) {
        INDArray expected = whole.next().getFeatures(0);
        MultiDataSet part = parts.next();
        parts.close();
        assertThat(part.getLabels(0).rows()).isEqualTo(10);
        for (int i = 4; i < 7; i++) {
          assertThat(part.getFeatures(0).slice(i).dup()).isEqualTo(expected.slice(i).dup());
        }
        boolean blends = augmentation.equals(mixup);
        assertThat(asked.contains(0)).isEqualTo(blends);
        assertThat(asked).contains(4, 5, 6);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 7, 22, 23, 24, 30})
  void everyEpochVisitsEveryImageOnce(int batchSize) {
    long seed = 31L * batchSize;
    try (EpochBatches batches =
        ImageBatches.of(IMAGES, NORMALIZER, batchSize).shuffle(seed).build()) {
      for (int epoch = 0; epoch < 3; epoch++) {
        assertThat(batches.epoch()).isEqualTo(epoch);
        Set<String> seen = new HashSet<>(rows(batches));
        assertThat(seen).hasSize(IMAGES.size());
        batches.reset();
      }
    }
  }

  @Test
  void theSameSeedAndEpochGiveTheSameBits() {
    ImageBatches settings =
        ImageBatches.of(IMAGES, NORMALIZER, 5).shuffle(11).augment(new Augmentation(true, 2), 11);
    try (EpochBatches one = settings.build();
        EpochBatches two = settings.build()) {
      List<String> first = rows(one);
      assertThat(rows(two)).isEqualTo(first);
      one.reset();
      List<String> second = rows(one);
      assertThat(second).isNotEqualTo(first);
      two.start(1, 0);
      assertThat(rows(two)).isEqualTo(second);
    }
  }

  @Test
  void anAugmentedImageIsAMirroredWindowOfItself() {
    ImageSet one = Samples.noise(1, 6, 5, 3, 1);
    float[] plain = NORMALIZER.apply(6, 5, List.of(one.image(0))).dup('c').data().asFloat();
    Set<String> expected = new HashSet<>();
    for (int dy = -2; dy <= 2; dy++) {
      for (int dx = -2; dx <= 2; dx++) {
        for (boolean mirror : new boolean[] {false, true}) {
          expected.add(Arrays.toString(window(plain, dy, dx, mirror)));
        }
      }
    }
    Set<String> seen = new HashSet<>();
    try (EpochBatches batches =
        ImageBatches.of(one, NORMALIZER, 1).augment(new Augmentation(true, 2), 3).build()) {
      for (int epoch = 0; epoch < 400; epoch++) {
        seen.add(Arrays.toString(batches.next().getFeatures(0).dup('c').data().asFloat()));
        batches.reset();
      }
    }
    assertThat(seen).isEqualTo(expected);
  }

  private static float[] window(float[] plain, int dy, int dx, boolean mirror) {
    float[] window = new float[plain.length];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < 6; y++) {
        for (int x = 0; x < 5; x++) {
          int sourceY = y + dy;
          int sourceX = mirror ? 4 - (x + dx) : x + dx;
          boolean inside = sourceY >= 0 && sourceY < 6 && sourceX >= 0 && sourceX < 5;
          window[(c * 6 + y) * 5 + x] = inside ? plain[(c * 6 + sourceY) * 5 + sourceX] : 0;
        }
      }
    }
    return window;
  }

  @Test
  void aBatchStaysValidUntilTheNextButOneIsAskedFor() throws Exception {
    try (EpochBatches batches = ImageBatches.of(IMAGES, NORMALIZER, 4).shuffle(1).build()) {
      INDArray previous = null;
      INDArray copy = null;
      for (int i = 0; i < 40; i++) {
        if (!batches.hasNext()) {
          batches.reset();
        }
        INDArray current = batches.next().getFeatures(0);
        Thread.sleep(3); // lets the thread run as far ahead as it can
        if (previous != null) {
          assertThat(previous.dup()).isEqualTo(copy);
        }
        previous = current;
        copy = current.dup();
      }
    }
  }

  @Test
  void buffersAreReused() {
    Set<Integer> arrays = new HashSet<>();
    try (EpochBatches batches = ImageBatches.of(IMAGES, NORMALIZER, 4).build()) {
      for (int epoch = 0; epoch < 10; epoch++) {
        while (batches.hasNext()) {
          arrays.add(System.identityHashCode(batches.next().getFeatures(0)));
        }
        batches.reset();
      }
    }
    assertThat(arrays).hasSizeLessThanOrEqualTo(8);
  }

  @Test
  void buffersMadeInsideAWorkspaceOutliveIt() {
    WorkspaceConfiguration size = WorkspaceConfiguration.builder().initialSize(1 << 20).build();
    EpochBatches batches;
    try (var workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(size, "test")) {
      assertThat(workspace.isScopeActive()).isTrue();
      batches = ImageBatches.of(IMAGES, NORMALIZER, 4).build();
    }
    assertThat(batches.next().getFeatures(0).isAttached()).isFalse();
    batches.close();
  }

  @Test
  void aLastBatchOfOneIsDroppedOnRequest() {
    try (EpochBatches batches = ImageBatches.of(IMAGES, NORMALIZER, 11).dropSingle().build()) {
      assertThat(batches.batches()).isEqualTo(2);
      assertThat(rows(batches)).hasSize(22);
    }
    assertThat(ImageBatches.of(IMAGES, NORMALIZER, 7).dropSingle().build().batches()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(classes = {DescryException.class, OutOfMemoryError.class})
  void aFailureReachesTheConsumerAgainAndAgain(Class<? extends Throwable> kind) throws Exception {
    Throwable failure = kind.getConstructor(String.class).newInstance("image 13 is broken");
    ImageBatches settings = ImageBatches.of(IMAGES, NORMALIZER, 5);
    try (EpochBatches batches =
        settings.build(
            index -> {
              pause(5);
              return index == 13 ? sneakyThrow(failure) : IMAGES.pixels(index);
            })) {
      batches.next();
      batches.next();
      assertThatThrownBy(batches::next).isSameAs(failure);
      assertThatThrownBy(batches::next).isSameAs(failure);
      batches.start(0, 0);
      assertThat(batches.next().getLabels(0).rows()).isEqualTo(5);
    }
  }

  @Test
  void aConsumerThatStopsEarlyLeavesNothingBehind() {
    EpochBatches batches = ImageBatches.of(IMAGES, NORMALIZER, 2).shuffle(2).build();
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < round % 7 + 1; i++) {
        batches.next();
      }
      batches.reset();
    }
    batches.next();
    batches.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("descry-prefetch"));
  }

  @Test
  void resetBeforeTheFirstBatchStaysInTheEpoch() {
    try (EpochBatches batches = ImageBatches.of(IMAGES, NORMALIZER, 5).build()) {
      batches.reset();
      assertThat(batches.epoch()).isZero();
      assertThat(batches.asyncSupported()).isFalse();
    }
  }

  private static List<String> rows(EpochBatches batches) {
    List<String> rows = new ArrayList<>();
    while (batches.hasNext()) {
      MultiDataSet batch = batches.next();
      for (int i = 0; i < batch.getLabels(0).rows(); i++) {
        rows.add(Arrays.toString(batch.getFeatures(0).slice(i).dup('c').data().asFloat()));
      }
    }
    return rows;
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> byte[] sneakyThrow(Throwable failure) throws T {
    throw (T) failure;
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
