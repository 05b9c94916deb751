package org.descry.engine;

import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.descry.DescryException;

/**
 * Makes something that serves one thread at a time safe for any number of threads: a few replicas
 * of it, each lent to one call; calls wait in line while all are busy. A replica is made when a
 * call finds none idle, so that a single thread uses a single one.
 *
 * <p>Each replica runs on a thread of its own, which ends when it has been idle for a while. Native
 * code keeps a team of OpenMP threads, and ND4J its workspaces, for every Java thread that calls
 * it: the many threads of a server would have as many of both.
 *
 * @param <T> what serves one thread at a time
 */
public final class Replicas<T> {
  private static final long IDLE_SECONDS = 30;

  private final Supplier<? extends T> maker;
  private final Semaphore free;
  private final Deque<Replica> idle = new ConcurrentLinkedDeque<>();

  /** One replica a processor. */
  public Replicas(Supplier<? extends T> maker) {
    this(Runtime.getRuntime().availableProcessors(), maker);
  }

  /**
   * @param atMost so many replicas
   * @param maker makes one; is called on the replica's thread, by several at the same time
   */
  Replicas(int atMost, Supplier<? extends T> maker) {
    this.maker = maker;
    this.free = new Semaphore(atMost, true);
  }

  /** A thread, and what it made for itself. */
  private final class Replica {
    private final ExecutorService thread = thread();
    private T instance;

    private T instance() {
      if (instance == null) {
        instance = maker.get();
      }
      return instance;
    }
  }

  private static ExecutorService thread() {
    BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            tasks,
            task -> {
              Thread thread = new Thread(task, "descry-replica");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /**
   * Waits for a replica and returns what the task answers.
   *
   * @param task must not call this object again, nor keep what it was lent
   * @throws DescryException if the thread was interrupted; a task that has begun goes on to its end
   */
  public <R> R call(Function<? super T, ? extends R> task) {
    try {
      free.acquire();
      return start(task).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DescryException("Interrupted while the model was at work.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // a Function throws no others
    }
  }

  private <R> Future<R> start(Function<? super T, ? extends R> task) {
    Replica lent = idle.pollFirst(); // the one used last: its memory is warm
    Replica replica = lent == null ? new Replica() : lent;
    return replica.thread.submit(
        () -> {
          try {
            return task.apply(replica.instance());
          } finally {
            idle.addFirst(replica);
            free.release();
          }
        });
  }
}
