package org.descry.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import org.descry.DescryException;
import org.descry.TimedOutException;
import org.descry.engine.dnn.Precision;

/**
 * Makes something that serves one thread at a time safe for any number of threads: a few replicas
 * of it, each lent to one call; calls wait in line while all are busy. A replica is made when a
 * call finds none idle, so that a single thread uses a single one. A replica that has done a call
 * goes on with the one that waits longest: to wake its caller first would take longer than a short
 * call.
 *
 * <p>Each replica runs on a thread of its own, which ends when it has been idle for a while. Native
 * code keeps a team of OpenMP threads, and ND4J its workspaces, for every Java thread that calls
 * it: the many threads of a server would have as many of both. All calls are done in the precision
 * in which this object was made.
 *
 * @param <T> what serves one thread at a time
 */
public final class Replicas<T> implements AutoCloseable {
  private final Supplier<? extends T> maker;
  private final int atMost;
  private final Precision precision = Precision.current();
  private final Deque<Replica> idle = new ArrayDeque<>();
  private final Deque<Call<T, ?>> waiting = new ArrayDeque<>();
  private int made;
  private boolean closed;

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
    this.atMost = atMost;
  }

  /** A task and what it answers. */
  private record Call<T, R>(Function<? super T, ? extends R> task, CompletableFuture<R> answer) {
    /**
     * @param done is called before the answer is told
     */
    void run(Supplier<? extends T> lent, Runnable done) {
      if (answer.isDone()) { // its caller has given up
        done.run();
        return;
      }
      try {
        R result;
        try {
          result = task.apply(lent.get());
        } finally {
          done.run();
        }
        answer.complete(result);
      } catch (Throwable e) { // the caller's to deal with
        answer.completeExceptionally(e);
      }
    }
  }

  /** A thread, and what it made for itself. */
  private final class Replica {
    private final ExecutorService thread = IdleThreads.of(1, "descry-replica");
    private T instance;
    private Call<T, ?> next;

    /** Does a call, and those that wait then. */
    Void work(Call<T, ?> first) {
      for (Call<T, ?> call = first; call != null; call = next) {
        call.run(this::instance, () -> next = nextFor(this));
      }
      return null;
    }

    void end() {
      thread.shutdown();
      instance = null;
    }

    private T instance() {
      if (instance == null) {
        instance = maker.get();
      }
      return instance;
    }
  }

  /**
   * Waits for a replica and returns what the task answers.
   *
   * @param task must not call this object again, nor keep what it was lent
   * @throws DescryException if the thread was interrupted; a task that has begun goes on to its end
   */
  public <R> R call(Function<? super T, ? extends R> task) {
    return call(task, Deadline.NONE);
  }

  /**
   * As {@link #call(Function)}, until a deadline.
   *
   * @throws TimedOutException if there is no answer by then; a task that has begun goes on to its
   *     end
   */
  public <R> R call(Function<? super T, ? extends R> task, Deadline deadline) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    Call<T, R> call = new Call<>(task, answer);
    start(call);
    try {
      return deadline.of(answer);
    } catch (TimedOutException e) {
      giveUp(call);
      throw e;
    } catch (InterruptedException e) {
      giveUp(call);
      Thread.currentThread().interrupt();
      throw new DescryException("Interrupted while the model was at work.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // a Function throws no others
    }
  }

  private synchronized void giveUp(Call<T, ?> call) {
    call.answer.cancel(false);
    waiting.remove(call);
  }

  /** Lets calls that there are end, and refuses others. Copies of what is lent go with it. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(Replica::end);
    idle.clear();
  }

  private void start(Call<T, ?> call) {
    Replica lent = lent(call);
    if (lent != null) {
      lent.thread.execute(() -> precision.during(() -> lent.work(call)));
    }
  }

  /** A replica that is free; null where the call has been put in line. */
  private synchronized Replica lent(Call<T, ?> call) {
    if (closed) {
      throw new IllegalStateException("The model has been closed; expected one that is open.");
    }
    if (!idle.isEmpty()) {
      return idle.removeFirst(); // the one used last: its memory is warm
    }
    if (made < atMost) {
      made++;
      return new Replica();
    }
    waiting.addLast(call);
    return null;
  }

  /** The call that has waited longest; where there is none the replica is idle from now on. */
  private synchronized Call<T, ?> nextFor(Replica replica) {
    Call<T, ?> next = waiting.pollFirst();
    if (next == null && closed) {
      replica.end();
    } else if (next == null) {
      idle.addFirst(replica);
    }
    return next;
  }
}
