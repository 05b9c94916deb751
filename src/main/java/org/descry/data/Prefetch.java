package org.descry.data;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * The daemon thread that makes one epoch's batches ahead of the consumer. Whatever ends it early,
 * Errors included, reaches the consumer through {@link #take}.
 */
final class Prefetch<B> {
  private static final long ALIVE_CHECK_MILLIS = 200;

  /** Where batches come from. */
  interface Source<B> {
    /** The next batch, waiting until there is memory for it. */
    B next() throws InterruptedException;

    /** Takes back a batch that nobody asked for. */
    void giveBack(B batch);
  }

  private record Item<B>(B batch, Throwable failure) {}

  private final BlockingQueue<Item<B>> ready = new LinkedBlockingQueue<>();
  private final Source<B> source;
  private final int batches;
  private boolean stuck;
  private final Thread thread = new Thread(this::produce, "descry-prefetch");

  Prefetch(Source<B> source, int batches) {
    this.source = source;
    this.batches = batches;
    thread.setDaemon(true);
    thread.start();
  }

  @SuppressWarnings("CatchingUnchecked") // whatever it is, it is the consumer's to see
  private void produce() {
    try {
      for (int i = 0; i < batches; i++) {
        ready.add(new Item<>(source.next(), null));
      }
    } catch (Throwable failure) {
      ready.add(new Item<>(null, failure));
    }
  }

  /**
   * The next batch, once it is filled.
   *
   * @throws DataException if that takes too long
   * @throws RuntimeException or Error as the thread met it
   */
  B take(Duration patience) {
    try {
      Item<B> item = null;
      Patience waiting = new Patience(System::nanoTime);
      while (item == null) {
        boolean alive = thread.isAlive();
        item = ready.poll(ALIVE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
        if (item == null && !alive) {
          throw new IllegalStateException("the prefetch thread ended without a batch");
        }
        if (waiting.waited() > patience.toNanos() && item == null) {
          stuck = true;
          throw new DataException(
              "No batch of the data was made in %s s (training.dataTimeout); expected data that answer, or a longer time."
                  .formatted(patience.toSeconds()));
        }
      }
      return batchOf(item);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DescryException("Interrupted while a batch of the data was waited for.", e);
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
    throw new DescryException(
        "Interrupted while a batch of the data was made.", (Exception) item.failure());
  }

  /** Stops the thread and returns every buffer that was not delivered; one that hangs is left. */
  void cancel() {
    thread.interrupt();
    if (stuck) {
      return;
    }
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
        source.giveBack(item.batch());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
