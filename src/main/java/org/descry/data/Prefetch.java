package org.descry.data;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The daemon thread that fills one epoch's batches ahead of the consumer. It waits only for free
 * buffers; whatever ends it early, Errors included, reaches the consumer through {@link #take}.
 */
public final class Prefetch<B extends Prefetch.Buffer> {
  private static final long ALIVE_CHECK_MILLIS = 200;

  /** The reused memory of one batch. */
  public interface Buffer {
    /** Returns to its pool. */
    void release();
  }

  /** Fills buffers; the epoch is the implementer's. */
  public interface Source<B> {
    /** The buffer for batch {@code index}, waiting until one is free. */
    B free(int index) throws InterruptedException;

    void fill(B batch, int index);
  }

  private record Item<B>(B batch, Throwable failure) {}

  private final BlockingQueue<Item<B>> ready = new LinkedBlockingQueue<>();
  private final Source<B> source;
  private final int batches;
  private final Thread thread = new Thread(this::produce, "descry-prefetch");

  public Prefetch(Source<B> source, int batches) {
    this.source = source;
    this.batches = batches;
    thread.setDaemon(true);
    thread.start();
  }

  @SuppressWarnings("CatchingUnchecked") // whatever it is, it is the consumer's to see
  private void produce() {
    try {
      for (int i = 0; i < batches; i++) {
        B batch = source.free(i);
        boolean filled = false;
        try {
          source.fill(batch, i);
          filled = true;
        } finally {
          if (!filled) {
            batch.release();
          }
        }
        ready.add(new Item<>(batch, null));
      }
    } catch (Throwable failure) {
      ready.add(new Item<>(null, failure));
    }
  }

  /**
   * The next batch, once it is filled.
   *
   * @throws RuntimeException or Error as the thread met it
   */
  public B take() {
    try {
      Item<B> item = null;
      while (item == null) {
        boolean alive = thread.isAlive();
        item = ready.poll(ALIVE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
        if (item == null && !alive) {
          throw new IllegalStateException("the prefetch thread ended without a batch");
        }
      }
      return batchOf(item);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    }
  }

  private B batchOf(Item<B> item) {
    if (item.failure() == null) {
      return item.batch();
    }
    ready.add(item); // whoever asks again meets the same failure
    if (item.failure() instanceof RuntimeException failure) {
      throw failure;
    }
    if (item.failure() instanceof Error failure) {
      throw failure;
    }
    throw new IllegalStateException("prefetching was interrupted", item.failure());
  }

  /** Stops the thread and returns every buffer that was not delivered. */
  public void cancel() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    for (Item<B> item = ready.poll(); item != null; item = ready.poll()) {
      if (item.batch() != null) {
        item.batch().release();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
