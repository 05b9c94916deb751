package org.descry.train;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Work on a thread of its own, while another one goes on; one piece after another. */
final class Aside implements AutoCloseable {
  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  /** Begins a piece when the one before has ended, and throws what that has failed with. */
  void begin(Runnable work) {
    close();
    last = CompletableFuture.runAsync(work, Aside::start);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "descry-checkpoint");
    thread.setDaemon(true);
    thread.start();
  }

  /** Throws what a piece has failed with; waits for none. */
  void check() {
    if (last.isDone()) {
      close();
    }
  }

  /** Waits for the last piece, whoever interrupts, and throws what it has failed with. */
  @Override
  public void close() {
    try {
      last.join();
    } catch (CompletionException e) {
      last = CompletableFuture.completedFuture(null);
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // a runnable throws no other
    }
  }
}
