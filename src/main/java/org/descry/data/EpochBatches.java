package org.descry.data;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Epoch after epoch of batches, for {@code fit} and {@code evaluate}. A batch depends on the epoch
 * and its place in it alone: {@link #start(int, int)} goes on in the middle of an epoch with the
 * batches of an epoch that was never interrupted.
 *
 * <p>A thread fills reused buffers ahead: a batch is valid until the next but one is asked for;
 * keep a {@code dup()} if it is needed longer. {@link #asyncSupported()} is false, since DL4J's own
 * prefetch thread leaves its consumer waiting for ever when a source fails; here every failure is
 * thrown by {@link #next()}. For one consumer thread.
 */
public final class EpochBatches implements MultiDataSetIterator, BatchSource {
  private static final long serialVersionUID = 1L;

  /** The consumer may hold two batches while the thread fills two more. */
  private static final int HELD = 2;

  private static final int BUFFERS = HELD + 2;

  private final transient Order order;
  private final transient Pool full;
  private final transient Pool partial;
  private final transient Deque<Slot> held = new ArrayDeque<>();
  private final int batchSize;
  private final int batches;
  private transient Prefetch<Slot> prefetch;
  private transient MultiDataSetPreProcessor preProcessor;
  private Duration patience = Duration.ofDays(1);
  private int epoch;
  private int step;

  /** The reused memory of one batch, of a number of items that is its own. */
  public interface Buffer {
    /**
     * Fills it, on the prefetch thread.
     *
     * @param order the items in the order of the epoch
     * @param from place in the order of the batch's first item
     */
    void fill(int epoch, int[] order, int from);

    /** The arrays as what a network is fed; the arrays are the buffer's own. */
    MultiDataSet data();
  }

  /**
   * The order in which an epoch visits its items.
   *
   * @param items the number of visits
   * @param random shuffles an epoch; null leaves all in order
   * @param chosen the items of an epoch; null for each of them once
   */
  public record Order(int items, IntFunction<SplittableRandom> random, IntFunction<int[]> chosen) {
    /** Each item once. */
    public Order(int items, IntFunction<SplittableRandom> random) {
      this(items, random, null);
    }

    /** The same in every epoch. */
    public static Order fixed(int items) {
      return new Order(items, null);
    }

    private int[] of(int epoch) {
      int[] order = chosen == null ? IntStream.range(0, items).toArray() : chosen.apply(epoch);
      if (random != null) {
        Seeds.shuffle(order, random.apply(epoch));
      }
      return order;
    }
  }

  /** With a last batch of whatever is left. */
  public EpochBatches(Order order, int batchSize, IntFunction<Buffer> buffers) {
    this(order, batchSize, 1, buffers);
  }

  /**
   * @param batchSize number of items of a batch
   * @param smallest a last batch of fewer items is left out
   * @param buffers makes a buffer for a number of items; called when one is needed first
   */
  public EpochBatches(Order order, int batchSize, int smallest, IntFunction<Buffer> buffers) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("Expected a batch size of at least 1, got: " + batchSize);
    }
    this.order = order;
    this.batchSize = batchSize;
    int rest = order.items % batchSize;
    batches = order.items / batchSize + (rest >= smallest ? 1 : 0);
    full = new Pool(() -> buffers.apply(batchSize));
    partial = new Pool(() -> buffers.apply(rest));
  }

  @Override
  public void waitAtMost(Duration longest) {
    patience = longest;
  }

  @Override
  public int batches() {
    return batches;
  }

  @Override
  public int epoch() {
    return epoch;
  }

  @Override
  public int step() {
    return step;
  }

  @Override
  public void start(int newEpoch, int newStep) {
    if (newEpoch < 0 || newStep < 0 || newStep > batches) {
      throw new IllegalArgumentException(
          "Expected an epoch from 0 and a step from 0 to %s, got: %s and %s"
              .formatted(batches, newEpoch, newStep));
    }
    close();
    epoch = newEpoch;
    step = newStep;
  }

  @Override
  public boolean hasNext() {
    return step < batches;
  }

  /**
   * The next batch, valid until the next but one is asked for.
   *
   * @throws NoSuchElementException at the end of the epoch
   */
  @Override
  public MultiDataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No batch left of the " + batches + " of epoch " + epoch);
    }
    if (prefetch == null) {
      prefetch = new Prefetch<>(new Filler(epoch, step), batches - step);
    }
    if (held.size() == HELD) {
      held.remove().release();
    }
    Slot slot = prefetch.take(patience);
    held.add(slot);
    step++;
    MultiDataSet data = slot.buffer.data();
    if (preProcessor != null) {
      preProcessor.preProcess(data);
    }
    return data;
  }

  /** Only for {@code num} equal to the batch size. */
  @Override
  public MultiDataSet next(int num) {
    if (num != batchSize) {
      throw new UnsupportedOperationException(
          "Batches are of " + batchSize + " examples; asked for: " + num);
    }
    return next();
  }

  /** Moves to the next epoch; does nothing if nothing of this one has been delivered. */
  @Override
  public void reset() {
    if (step > 0) {
      start(epoch + 1, 0);
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

  /** A buffer and where it goes back to. */
  private record Slot(Buffer buffer, Pool pool) {
    void release() {
      pool.free.add(this);
    }
  }

  /** Buffers of one size, made as they are needed. */
  private static final class Pool {
    private final BlockingQueue<Slot> free = new LinkedBlockingQueue<>();
    private final Supplier<Buffer> maker;
    private int made;

    Pool(Supplier<Buffer> maker) {
      this.maker = maker;
    }

    /** Buffers outlive every step: whoever makes them does so outside of any workspace. */
    Slot take() throws InterruptedException {
      Slot slot = free.poll();
      if (slot == null && made < BUFFERS) {
        slot = new Slot(maker.get(), this);
        made++;
      }
      return slot == null ? free.take() : slot;
    }
  }

  /** Fills the batches of an epoch from a step on. */
  private final class Filler implements Prefetch.Source<Slot> {
    private final int ofEpoch;
    private final int[] visited;
    private int at;

    Filler(int ofEpoch, int from) {
      this.ofEpoch = ofEpoch;
      visited = order.of(ofEpoch);
      at = from * batchSize;
    }

    @Override
    public Slot next() throws InterruptedException {
      Slot slot = (at + batchSize <= visited.length ? full : partial).take();
      boolean filled = false;
      try {
        slot.buffer.fill(ofEpoch, visited, at);
        filled = true;
      } finally {
        if (!filled) {
          slot.release();
        }
      }
      at += batchSize;
      return slot;
    }

    @Override
    public void giveBack(Slot slot) {
      slot.release();
    }
  }
}
