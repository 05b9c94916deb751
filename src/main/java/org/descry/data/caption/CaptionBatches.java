package org.descry.data.caption;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.descry.data.Prefetch;
import org.descry.data.Seeds;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Batches of N captions for {@code fit} and {@code evaluate}, all float32:
 *
 * <ul>
 *   <li>features 0: the images, N x C x H x W over channels-last memory, or N x D;
 *   <li>features 1: the tokens read, N x T, {@code <START>} to the last word;
 *   <li>labels 0: the tokens to be said, N x T, the first word to {@code <END>}, as indices;
 *   <li>label mask 0: N x T, 1 where there is a token to be said, 0 after {@code <END>}.
 * </ul>
 *
 * N x T are views over time-major memory of T x N. Short captions are filled up with {@code
 * <NULL>}. The last batch of an epoch may be smaller.
 *
 * <p>Where images come with all their captions together, there are N / m images for N captions, m
 * being the most that an image has, so that an image is encoded once; rows that an image has no
 * caption for are masked as a whole.
 *
 * <p>A thread fills reused buffers ahead: a batch is valid until the next but one is asked for.
 * {@link #asyncSupported()} is false, since DL4J's own prefetch thread leaves its consumer waiting
 * for ever when a source fails; here every failure is thrown by {@link #next()}. The order depends
 * on (seed, epoch) alone; {@link #reset()} moves to the next epoch. For one consumer thread.
 */
public final class CaptionBatches implements MultiDataSetIterator, AutoCloseable {
  private static final long serialVersionUID = 1L;

  /** The consumer may hold two batches while the thread fills two more. */
  private static final int HELD = 2;

  private static final int BUFFERS = HELD + 2;

  private final transient BlockingQueue<CaptionBuffer> full = new LinkedBlockingQueue<>();
  private final transient BlockingQueue<CaptionBuffer> partial = new LinkedBlockingQueue<>();
  private final transient Deque<CaptionBuffer> held = new ArrayDeque<>();
  // The captions of one image that go together, and how many groups make a batch.
  private final transient int[][] groups;
  private final int batchSize;
  private final boolean shuffled;
  private final long seed;
  private final int batches;
  private transient Prefetch<CaptionBuffer> prefetch;
  private transient MultiDataSetPreProcessor preProcessor;
  private int epoch;
  private int delivered;

  private CaptionBatches(
      CaptionSet captions, int[][] groups, int batchSize, int steps, boolean shuffled, long seed) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("Expected a batch size of at least 1, got: " + batchSize);
    }
    if (steps < captions.longest() - 1) {
      throw new IllegalArgumentException(
          "Expected at least %d steps for the longest caption, got: %d"
              .formatted(captions.longest() - 1, steps));
    }
    int each = Arrays.stream(groups).mapToInt(group -> group.length).max().orElse(1);
    this.groups = groups;
    this.batchSize = Math.max(1, batchSize / each);
    this.shuffled = shuffled;
    this.seed = seed;
    int fullBatches = groups.length / this.batchSize;
    int remainder = groups.length % this.batchSize;
    batches = fullBatches + (remainder > 0 ? 1 : 0);
    for (int i = 0; i < Math.min(BUFFERS, fullBatches + HELD) && fullBatches > 0; i++) {
      new CaptionBuffer(captions, this.batchSize, each, steps, full);
    }
    // Epochs of a single partial batch need as many of it as the consumer may hold, and one more.
    for (int i = 0; i < HELD + 1 && remainder > 0; i++) {
      new CaptionBuffer(captions, remainder, each, steps, partial);
    }
  }

  /**
   * Batches in the order of the captions.
   *
   * @param steps T; at least one less than the tokens of the longest caption
   */
  public static CaptionBatches inOrder(CaptionSet captions, int batchSize, int steps) {
    return new CaptionBatches(captions, singly(captions), batchSize, steps, false, 0);
  }

  /** Batches in a new order each epoch. */
  public static CaptionBatches shuffled(CaptionSet captions, int batchSize, int steps, long seed) {
    return new CaptionBatches(captions, singly(captions), batchSize, steps, true, seed);
  }

  /**
   * Batches of images with all their captions, in a new order each epoch.
   *
   * @param batchSize N, the number of captions; at least one image's
   */
  public static CaptionBatches together(CaptionSet captions, int batchSize, int steps, long seed) {
    int[][] groups =
        IntStream.range(0, captions.images())
            .mapToObj(captions::captionsOf)
            .filter(group -> group.length > 0)
            .toArray(int[][]::new);
    return new CaptionBatches(captions, groups, batchSize, steps, true, seed);
  }

  private static int[][] singly(CaptionSet captions) {
    return IntStream.range(0, captions.size()).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
  }

  /** The number of batches in an epoch. */
  public int batches() {
    return batches;
  }

  /** The epoch that {@link #next()} delivers from; the first is 0. */
  public int epoch() {
    return epoch;
  }

  /** Continues at the start of {@code newEpoch}, for a job that resumes. */
  public void startEpoch(int newEpoch) {
    close();
    epoch = newEpoch;
    delivered = 0;
  }

  @Override
  public boolean hasNext() {
    return delivered < batches;
  }

  @Override
  public MultiDataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No batch left of the " + batches + " of epoch " + epoch);
    }
    if (prefetch == null) {
      prefetch = new Prefetch<>(source(order(), delivered), batches - delivered);
    }
    if (held.size() == HELD) {
      held.remove().release();
    }
    CaptionBuffer buffer = prefetch.take();
    held.add(buffer);
    delivered++;
    MultiDataSet data = buffer.dataSet();
    if (preProcessor != null) {
      preProcessor.preProcess(data);
    }
    return data;
  }

  private int[] order() {
    int[] order = IntStream.range(0, groups.length).toArray();
    if (shuffled) {
      Seeds.shuffle(order, Seeds.random(seed, epoch));
    }
    return order;
  }

  private Prefetch.Source<CaptionBuffer> source(int[] order, int from) {
    return new Prefetch.Source<>() {
      @Override
      public CaptionBuffer free(int index) throws InterruptedException {
        int start = (from + index) * batchSize;
        return start + batchSize <= order.length ? full.take() : partial.take();
      }

      @Override
      public void fill(CaptionBuffer buffer, int index) {
        buffer.fill(groups, order, (from + index) * batchSize);
      }
    };
  }

  /** Moves to the next epoch; does nothing if nothing of this one has been delivered. */
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

  /** Only for {@code num} equal to the batch size. */
  @Override
  public MultiDataSet next(int num) {
    if (num != batchSize) {
      throw new UnsupportedOperationException(
          "Batches are of a size of their own, " + batchSize + " images; asked for: " + num);
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
  public void setPreProcessor(MultiDataSetPreProcessor newPreProcessor) {
    preProcessor = newPreProcessor;
  }

  @Override
  public MultiDataSetPreProcessor getPreProcessor() {
    return preProcessor;
  }
}
