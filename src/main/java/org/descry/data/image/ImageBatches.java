package org.descry.data.image;

import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.descry.data.EpochBatches;
import org.descry.data.Seeds;

/**
 * What batches of an {@link ImageSet} are made of: features float32 N x C x H x W as a permuted
 * view over N x H x W x C memory, labels one-hot float32 N x K; with weights a labels' mask float32
 * N x 1.
 *
 * <p>Shuffling and augmentation depend on (seed, epoch, image) alone: the same epoch gives the same
 * bits on every run.
 */
public final class ImageBatches {
  private static final int ORDER_STREAM = -1;
  private static final int BALANCE_STREAM = -4;

  final ImageSet images;
  final ChannelNormalizer normalizer;
  Augmentation augmentation = Augmentation.NONE;
  long augmentationSeed;
  double labelSmoothing;
  float[] classWeights;
  private final int batchSize;
  private IntFunction<SplittableRandom> shuffle;
  private int smallest = 1;
  private IntFunction<int[]> chosen;
  View view = View.PLAIN;
  IntFunction<int[]> own = size -> new int[] {0, size};

  /**
   * Every image moved and mirrored in the same way; what a move uncovers is mirrored at the edge.
   *
   * @param down pixels by which what is seen moves
   * @param right pixels by which what is seen moves
   */
  public record View(int down, int right, boolean mirror) {
    /** Images as they are. */
    public static final View PLAIN = new View(0, 0, false);
  }

  private ImageBatches(ImageSet images, ChannelNormalizer normalizer, int batchSize) {
    if (normalizer.mean().size() != images.channels()) {
      throw new IllegalArgumentException(
          "expected a normaliser for %s channels, got: %s"
              .formatted(images.channels(), normalizer));
    }
    this.images = images;
    this.normalizer = normalizer;
    this.batchSize = batchSize;
  }

  /** Batches of {@code images}, in their order and as they are unless more is asked for. */
  public static ImageBatches of(ImageSet images, ChannelNormalizer normalizer, int batchSize) {
    return new ImageBatches(images, normalizer, batchSize);
  }

  /** Visits the images in a new order each epoch, drawn from {@code seed} and the epoch. */
  public ImageBatches shuffle(long seed) {
    shuffle = epoch -> Seeds.random(seed, epoch, ORDER_STREAM);
    return this;
  }

  /** Changes images at random, drawn from {@code seed}, the epoch and the image. */
  public ImageBatches augment(Augmentation newAugmentation, long seed) {
    augmentationSeed = seed;
    augmentation = newAugmentation;
    return this;
  }

  /** Shows every image in one view, in place of what is drawn at random. */
  public ImageBatches view(View same) {
    view = same;
    return this;
  }

  /**
   * Takes a share of each label's 1 and spreads it evenly over all classes (Szegedy et al. 2016).
   *
   * @param share from 0, for one-hot labels, to below 1
   */
  public ImageBatches smoothLabels(double share) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException(
          "expected label smoothing from 0 to below 1, got " + share);
    }
    labelSmoothing = share;
    return this;
  }

  /**
   * Weighs the loss of each image, and with it its gradients, by its class.
   *
   * @param weights one a class; null for 1
   */
  public ImageBatches weigh(float[] weights) {
    if (weights != null && weights.length != images.classes()) {
      throw new IllegalArgumentException(
          "expected %s weights, got %s".formatted(images.classes(), weights.length));
    }
    classWeights = weights;
    return this;
  }

  /**
   * Shows as many images of each class an epoch, all of them about as often: the images of small
   * classes several times, of large ones a part, another one in each epoch.
   *
   * @param seed of what is shown
   */
  public ImageBatches balance(long seed) {
    chosen = epoch -> balanced(Seeds.random(seed, epoch, BALANCE_STREAM));
    return this;
  }

  private int[] balanced(SplittableRandom random) {
    int[][] classes =
        IntStream.range(0, images.classes())
            .mapToObj(
                k -> IntStream.range(0, images.size()).filter(i -> images.label(i) == k).toArray())
            .filter(members -> members.length > 0)
            .toArray(int[][]::new);
    int[] visits = new int[images.size()];
    int[] next = new int[classes.length];
    for (int i = 0; i < visits.length; i++) {
      int k = i % classes.length;
      int at = next[k]++ % classes[k].length;
      if (at == 0) {
        Seeds.shuffle(classes[k], random);
      }
      visits[i] = classes[k][at];
    }
    return visits;
  }

  /**
   * Makes a part of each batch only; what stands in its other rows is of no use.
   *
   * @param rows where the part begins and ends, by the number of images in the batch
   */
  public ImageBatches only(IntFunction<int[]> rows) {
    own = rows;
    return this;
  }

  /** Leaves out the last batch of an epoch if it is a single image. */
  public ImageBatches dropSingle() {
    smallest = 2;
    return this;
  }

  public EpochBatches build() {
    return build(images::pixels);
  }

  /** With pixels from elsewhere: how tests make a source slow or broken. */
  EpochBatches build(IntFunction<byte[]> pixels) {
    BatchFiller filler = new BatchFiller(this, pixels);
    return new EpochBatches(
        new EpochBatches.Order(images.size(), shuffle, chosen),
        batchSize,
        smallest,
        size -> new ImageBuffer(size, images, classWeights != null, filler));
  }
}
