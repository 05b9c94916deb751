package org.descry.data.image;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntFunction;
import org.descry.data.Prefetch;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Batches of an {@link ImageSet} for {@code fit} and {@code evaluate}: features float32 N x C x H x
 * W as a permuted view over N x H x W x C memory, labels one-hot float32 N x K.
 *
 * <p>Batches are filled ahead by a thread of their own into a few off-heap buffers that are used
 * again and again, so that a batch is valid until the next but one is asked for; keep a {@code
 * dup()} if it is needed longer. {@link #asyncSupported()} is false: DL4J's own prefetch thread
 * leaves the consumer waiting for ever when the source fails. Here every failure is thrown by
 * {@link #next()}.
 *
 * <p>Shuffling and augmentation depend on (seed, epoch, image) alone: the same epoch gives the same
 * bits on every run. {@link #reset()} moves to the next epoch. For one consumer thread.
 */
public final class ImageBatches implements DataSetIterator, AutoCloseable {
  /** The consumer may hold two batches while the thread fills two more. */
  private static final int HELD = 2;

  private static final int BUFFERS = HELD + 2;

  private final transient ImageSet images;
  private final transient BatchFiller filler;
  private final transient BlockingQueue<Batch> full = new LinkedBlockingQueue<>();
  private final transient BlockingQueue<Batch> partial = new LinkedBlockingQueue<>();
  private final transient Deque<Batch> held = new ArrayDeque<>();
  private final int batchSize;
  private final int batches;
  private transient Prefetch<Batch> prefetch;
  private transient DataSetPreProcessor preProcessor;
  private int epoch;
  private int delivered;

  private ImageBatches(Builder settings, IntFunction<byte[]> pixels) {
    images = settings.images;
    filler = new BatchFiller(settings, pixels);
    batchSize = settings.batchSize;
    int rest = images.size() % batchSize;
    int remainder = settings.dropLast || (settings.dropSingle && rest == 1) ? 0 : rest;
    int fullBatches = images.size() / batchSize;
    batches = fullBatches + (remainder > 0 ? 1 : 0);
    for (int i = 0; i < Math.min(BUFFERS, fullBatches + HELD) && fullBatches > 0; i++) {
      new Batch(batchSize, images, full);
    }
    // Epochs of a single partial batch need as many of it as the consumer may hold, and one more.
    for (int i = 0; i < HELD + 1 && remainder > 0; i++) {
      new Batch(remainder, images, partial);
    }
  }

  /**
   * Batches of {@code images}, in their order and as they are unless the builder says otherwise.
   */
  public static Builder of(ImageSet images, ChannelNormalizer normalizer, int batchSize) {
    return new Builder(images, normalizer, batchSize);
  }

  /** What batches are made of. */
  public static final class Builder {
    final ImageSet images;
    final ChannelNormalizer normalizer;
    final int batchSize;
    Augmentation augmentation = Augmentation.NONE;
    double labelSmoothing;
    boolean shuffled;
    boolean dropLast;
    boolean dropSingle;
    long shuffleSeed;
    long augmentationSeed;

    private Builder(ImageSet images, ChannelNormalizer normalizer, int batchSize) {
      if (batchSize < 1) {
        throw new IllegalArgumentException("expected a batch size of at least 1: " + batchSize);
      }
      if (normalizer.mean().size() != images.channels()) {
        throw new IllegalArgumentException(
            "expected a normaliser for %d channels, got: %s"
                .formatted(images.channels(), normalizer));
      }
      this.images = images;
      this.normalizer = normalizer;
      this.batchSize = batchSize;
    }

    /** Visits the images in a new order each epoch, drawn from {@code seed} and the epoch. */
    public Builder shuffle(long seed) {
      this.shuffleSeed = seed;
      this.shuffled = true;
      return this;
    }

    /** Changes images at random, drawn from {@code seed}, the epoch and the image. */
    public Builder augment(Augmentation augmentation, long seed) {
      this.augmentationSeed = seed;
      this.augmentation = augmentation;
      return this;
    }

    /**
     * Takes a share of each label's 1 and spreads it evenly over all classes (Szegedy et al. 2016).
     *
     * @param share from 0, for one-hot labels, to below 1
     */
    public Builder smoothLabels(double share) {
      if (!(share >= 0 && share < 1)) {
        throw new IllegalArgumentException(
            "expected label smoothing from 0 to below 1, got " + share);
      }
      this.labelSmoothing = share;
      return this;
    }

    /** Leaves out the last batch of an epoch if it is not full. */
    public Builder dropLast() {
      this.dropLast = true;
      return this;
    }

    /** Leaves out the last batch of an epoch if it is a single image. */
    public Builder dropSingle() {
      this.dropSingle = true;
      return this;
    }

    public ImageBatches build() {
      return build(images::pixels);
    }

    /** With pixels from elsewhere: how tests make a source slow or broken. */
    ImageBatches build(IntFunction<byte[]> pixels) {
      return new ImageBatches(this, pixels);
    }
  }

  /** The number of batches in an epoch. */
  public int batches() {
    return batches;
  }

  /** The epoch that {@link #next()} delivers from; the first is 0. */
  public int epoch() {
    return epoch;
  }

  /** Continues at the start of {@code epoch}, for a job that resumes. */
  public void startEpoch(int epoch) {
    close();
    this.epoch = epoch;
    delivered = 0;
  }

  @Override
  public boolean hasNext() {
    return delivered < batches;
  }

  /**
   * The next batch, valid until the next but one is asked for.
   *
   * @throws NoSuchElementException at the end of the epoch
   */
  @Override
  public DataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + batches + " batches of epoch " + epoch);
    }
    if (prefetch == null) {
      prefetch = new Prefetch<>(source(filler.order(epoch), epoch, delivered), batches - delivered);
    }
    if (held.size() == HELD) {
      held.remove().release();
    }
    Batch batch = prefetch.take();
    held.add(batch);
    delivered++;
    DataSet data = new DataSet(batch.features, batch.labels);
    data.setLabelNames(images.labelNames());
    if (preProcessor != null) {
      preProcessor.preProcess(data);
    }
    return data;
  }

  private Prefetch.Source<Batch> source(int[] order, int ofEpoch, int from) {
    return new Prefetch.Source<>() {
      @Override
      public Batch free(int index) throws InterruptedException {
        int start = (from + index) * batchSize;
        return start + batchSize <= order.length ? full.take() : partial.take();
      }

      @Override
      public void fill(Batch batch, int index) {
        filler.fill(batch, order, (from + index) * batchSize, ofEpoch);
      }
    };
  }

  /**
   * Moves to the next epoch; does nothing if nothing of this one has been delivered. What the
   * consumer still holds stays valid by the same rule as ever.
   */
  @Override
  public void reset() {
    if (delivered > 0) {
      startEpoch(epoch + 1);
    }
  }

  /** Stops the prefetch thread. The iterator can go on: it starts a new one when it is asked to. */
  @Override
  public void close() {
    if (prefetch != null) {
      prefetch.cancel();
      prefetch = null;
    }
  }

  @Override
  public DataSet next(int num) {
    if (num != batchSize) {
      throw new UnsupportedOperationException("batches have " + batchSize + " images, not " + num);
    }
    return next();
  }

  @Override
  public boolean resetSupported() {
    return true;
  }

  @Override
  public boolean asyncSupported() {
    return false;
  }

  @Override
  public int batch() {
    return batchSize;
  }

  @Override
  public int inputColumns() {
    return images.height() * images.width() * images.channels();
  }

  @Override
  public int totalOutcomes() {
    return images.classes();
  }

  @Override
  public List<String> getLabels() {
    return images.labelNames();
  }

  @Override
  public void setPreProcessor(DataSetPreProcessor preProcessor) {
    this.preProcessor = preProcessor;
  }

  @Override
  public DataSetPreProcessor getPreProcessor() {
    return preProcessor;
  }
}
