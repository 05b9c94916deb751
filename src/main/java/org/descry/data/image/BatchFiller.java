package org.descry.data.image;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.descry.data.Seeds;

/**
 * Turns bytes into normalised, augmented floats. What a batch holds depends on (seed, epoch, index)
 * alone. For one thread at a time.
 */
final class BatchFiller {
  private final ImageSet images;
  private final IntFunction<byte[]> pixels;
  private final float[][] tables;
  private final Augmentation augmentation;
  private final long augmentationSeed;
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
    this.image = new float[images.height() * images.width() * images.channels()];
    this.labelOff = (float) (settings.labelSmoothing / images.classes());
    this.labelOn =
        (float) (1 - settings.labelSmoothing + settings.labelSmoothing / images.classes());
    this.labels = new float[images.classes()];
    Arrays.fill(labels, labelOff);
  }

  /** Fills {@code batch} with the images from {@code start} on. */
  void fill(ImageBuffer batch, int[] order, int start, int epoch) {
    for (int i = 0; i < batch.size(); i++) {
      int index = order[start + i];
      convert(pixels.apply(index), index, epoch);
      batch.featureValues.put(i * image.length, image);
      labels[images.label(index)] = labelOn;
      batch.labelValues.put(i * labels.length, labels);
      labels[images.label(index)] = labelOff;
    }
  }

  private void convert(byte[] source, int index, int epoch) {
    boolean mirror = false;
    int down = 0;
    int right = 0;
    if (!augmentation.equals(Augmentation.NONE)) {
      SplittableRandom random = Seeds.random(augmentationSeed, epoch, index);
      int places = 2 * augmentation.shift() + 1;
      down = random.nextInt(places) - augmentation.shift();
      right = random.nextInt(places) - augmentation.shift();
      mirror = augmentation.mirror() && random.nextBoolean();
    }
    if (down != 0 || right != 0) {
      Arrays.fill(image, 0);
    }
    int lastRow = Math.min(images.height(), images.height() - down);
    for (int y = Math.max(0, -down); y < lastRow; y++) {
      convertRow(source, y, y + down, right, mirror);
    }
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
