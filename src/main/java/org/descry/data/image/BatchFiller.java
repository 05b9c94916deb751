package org.descry.data.image;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.descry.data.Seeds;

/**
 * Turns bytes into normalised, augmented floats. What a batch holds depends on (seed, epoch, index)
 * alone. For one thread at a time.
 */
final class BatchFiller {
  private static final long MIXUP_STREAM = -2;
  private static final long ALTERNATE_STREAM = -3;

  private final ImageSet images;
  private final IntFunction<byte[]> pixels;
  private final float[][] tables;
  private final Augmentation augmentation;
  private final long augmentationSeed;
  private final ImageBatches.View view;
  private final float[] classWeights;
  private final IntFunction<int[]> own;
  private final ImageChanges changes;
  private final float[] image;
  private final float[] labels;
  private final float labelOff;
  private final float labelOn;

  BatchFiller(ImageBatches settings, IntFunction<byte[]> pixels) {
    this.images = settings.images;
    this.pixels = pixels;
    this.tables = settings.normalizer.tables();
    this.augmentation = settings.augmentation;
    this.augmentationSeed = settings.augmentationSeed;
    this.view = settings.view;
    this.classWeights = settings.classWeights;
    this.own = settings.own;
    this.changes = new ImageChanges(images);
    this.image = new float[images.height() * images.width() * images.channels()];
    this.labelOff = (float) (settings.labelSmoothing / images.classes());
    this.labelOn =
        (float) (1 - settings.labelSmoothing + settings.labelSmoothing / images.classes());
    this.labels = new float[images.classes()];
    Arrays.fill(labels, labelOff);
  }

  /** Fills {@code batch} with the images from {@code start} on. */
  void fill(ImageBuffer batch, int[] order, int start, int epoch) {
    boolean blends = augmentation.mixup() > 0; // with images of other parts
    int[] rows = blends ? new int[] {0, batch.size()} : own.apply(batch.size());
    for (int i = rows[0]; i < rows[1]; i++) {
      int index = order[start + i];
      convert(pixels.apply(index), index, epoch);
      batch.featureValues.put(i * image.length, image);
      labels[images.label(index)] = labelOn;
      batch.labelValues.put(i * labels.length, labels);
      labels[images.label(index)] = labelOff;
      if (classWeights != null) {
        batch.weightValues.put(i, classWeights[images.label(index)]);
      }
    }
    if (blends) {
      SplittableRandom random = Seeds.random(augmentationSeed, epoch, MIXUP_STREAM, start);
      double share =
          new BetaDistribution(null, augmentation.mixup(), augmentation.mixup())
              .inverseCumulativeProbability(random.nextDouble());
      blend(batch.featureValues, image.length, batch.size(), (float) share);
      blend(batch.labelValues, labels.length, batch.size(), (float) share);
      if (classWeights != null) {
        blend(batch.weightValues, 1, batch.size(), (float) share);
      }
    }
  }

  /** The first and the last of a batch, the second and the last but one, and so on. */
  private static void blend(FloatBuffer values, int length, int count, float share) {
    for (int i = 0; i < count / 2; i++) {
      int a = i * length;
      int b = (count - 1 - i) * length;
      for (int k = 0; k < length; k++) {
        float first = values.get(a + k);
        float second = values.get(b + k);
        values.put(a + k, share * first + (1 - share) * second);
        values.put(b + k, share * second + (1 - share) * first);
      }
    }
  }

  private void convert(byte[] source, int index, int epoch) {
    if (!view.equals(ImageBatches.View.PLAIN)) {
      reflect(source, view.down(), view.right(), view.mirror());
      return;
    }
    if (augmentation.equals(Augmentation.NONE)) {
      place(source, 0, 0, false);
      return;
    }
    SplittableRandom random = Seeds.random(augmentationSeed, epoch, index);
    int places = 2 * augmentation.shift() + 1;
    int down = random.nextInt(places) - augmentation.shift();
    int right = random.nextInt(places) - augmentation.shift();
    boolean mirror = augmentation.mirror() && random.nextBoolean();
    if (augmentation.alternate()) {
      boolean first = Seeds.random(augmentationSeed, ALTERNATE_STREAM, index).nextBoolean();
      mirror = first ^ (epoch % 2 == 1);
    }
    byte[] changed = source;
    if (augmentation.crop() < 1) {
      changed = changes.crop(changed, augmentation.crop(), random);
    }
    if (augmentation.jitter() > 0) {
      changed = changes.jitter(changed, augmentation.jitter(), random);
    }
    place(changed, down, right, mirror);
    if (augmentation.cutout() > 0) {
      changes.cutout(image, augmentation.cutout(), random);
    }
    if (random.nextDouble() < augmentation.erase()) {
      changes.erase(image, random);
    }
  }

  /** Normalises what is shifted and mirrored. */
  private void place(byte[] source, int down, int right, boolean mirror) {
    if (augmentation.reflect() && (down != 0 || right != 0)) {
      reflect(source, down, right, mirror);
      return;
    }
    if (down != 0 || right != 0) {
      Arrays.fill(image, 0);
    }
    int lastRow = Math.min(images.height(), images.height() - down);
    for (int y = Math.max(0, -down); y < lastRow; y++) {
      convertRow(source, y, y + down, right, mirror);
    }
  }

  private void reflect(byte[] source, int down, int right, boolean mirror) {
    int width = images.width();
    int channels = images.channels();
    int out = 0;
    for (int y = 0; y < images.height(); y++) {
      int row = reflected(y + down, images.height()) * width;
      for (int x = 0; x < width; x++) {
        int column = reflected(x + right, width);
        int in = (row + (mirror ? width - 1 - column : column)) * channels;
        for (int c = 0; c < channels; c++) {
          image[out++] = tables[c][source[in + c] & 0xff];
        }
      }
    }
  }

  /** A place beyond an edge is as far inside of it. */
  private static int reflected(int place, int size) {
    int inside = place < 0 ? -place : place;
    inside = inside >= size ? 2 * (size - 1) - inside : inside;
    return Math.max(0, Math.min(size - 1, inside));
  }

  /** Writes row {@code sourceRow} to {@code row}: column x takes x + right, mirrored if asked. */
  private void convertRow(byte[] source, int row, int sourceRow, int right, boolean mirror) {
    int width = images.width();
    int channels = images.channels();
    int first = Math.max(0, -right);
    int last = Math.min(width, width - right);
    int sourceColumn = mirror ? width - 1 - (first + right) : first + right;
    int step = mirror ? -channels : channels;
    for (int c = 0; c < channels; c++) {
      float[] table = tables[c];
      int in = (sourceRow * width + sourceColumn) * channels + c;
      int out = (row * width + first) * channels + c;
      for (int x = first; x < last; x++) {
        image[out] = table[source[in] & 0xff];
        out += channels;
        in += step;
      }
    }
  }
}
