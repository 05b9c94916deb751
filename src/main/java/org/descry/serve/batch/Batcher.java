package org.descry.serve.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.descry.engine.dnn.Precision;
import org.descry.kind.service.Service;
import org.descry.serve.Refused;

/**
 * One queue and a few workers: whoever is free takes what has gathered, up to the largest batch, so
 * that batches are as large as the load asks for. While others are at work, it waits a little for
 * more: batches that are shared out are small, and cost more for each question. Where a smaller
 * batch of a size that the service has needs no filling up, the rest waits for the next. All
 * questions of a request are taken in or none. Questions whose time is over when their turn comes
 * are not answered.
 *
 * @param <Q> a question
 * @param <A> an answer
 */
public final class Batcher<Q, A> implements AutoCloseable {
  /** A pass is recorded when it is made for the second time. */
  private static final int WARMING = 2;

  private final Limits limits;
  private final Observer observer;
  private final int largest;
  private final List<Integer> sizes;
  private final Queue<Waiting<Q, A>> queue = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Thread> threads = new ArrayList<>();
  private final CompletableFuture<Void> ready;
  private int working;
  private boolean closed;

  /**
   * @param workers threads, each with a worker of its own
   * @param largestBatch the most questions in a batch
   * @param queue the most questions that wait
   * @param delayNanos how long a worker waits for more while others are at work; 0 never
   * @param precision that workers answer in
   */
  public record Limits(
      int workers, int largestBatch, int queue, long delayNanos, Precision precision) {}

  /** Is told of each batch. */
  public interface Observer {
    /**
     * @param size of the batch
     * @param waitedNanos by its first question
     * @param tookNanos the answers took
     */
    void answered(int size, long waitedNanos, long tookNanos);
  }

  private record Waiting<Q, A>(
      Q question, long since, long deadline, CompletableFuture<A> answer) {}

  /** Starts the workers' threads. */
  public Batcher(String name, Service<Q, A> service, Limits limits, Observer observer) {
    this.limits = limits;
    this.observer = observer;
    sizes = service.traits().sizes();
    largest = Math.min(limits.largestBatch, sizes.get(sizes.size() - 1));
    List<CompletableFuture<Void>> starts = new ArrayList<>();
    for (int i = 0; i < limits.workers; i++) {
      CompletableFuture<Void> started = new CompletableFuture<>();
      starts.add(started);
      Thread thread =
          new Thread(
              () -> limits.precision.during(() -> run(service, started)),
              "serve-%s-%s".formatted(name, i));
      thread.setDaemon(true);
      threads.add(thread);
    }
    ready = CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new));
    threads.forEach(Thread::start);
  }

  /** Is done when all workers have answered questions of every size, and fails as they do. */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  private Void run(Service<Q, A> service, CompletableFuture<Void> started) {
    Service.Worker<Q, A> worker;
    try {
      worker = service.worker();
      for (int size : service.traits().sizes()) {
        for (int time = 0; time < WARMING; time++) {
          worker.answer(Collections.nCopies(Math.min(size, largest), service.example()));
        }
      }
    } catch (Throwable e) { // whoever waits for it has to hear of it
      started.completeExceptionally(e);
      return null;
    }
    started.complete(null);
    work(worker);
    return null;
  }

  /**
   * Answers of all questions, in their order; fails with {@link Refused} after the deadline.
   *
   * @param deadline as {@link System#nanoTime} counts
   * @throws Refused if there is no room for all of them, or the batcher has been closed
   */
  public List<CompletableFuture<A>> ask(List<Q> questions, long deadline) {
    long now = System.nanoTime();
    List<CompletableFuture<A>> answers = new ArrayList<>(questions.size());
    lock.lock();
    try {
      if (closed) {
        throw Refused.gone();
      }
      if (queue.size() + questions.size() > limits.queue) {
        throw questions.size() > limits.queue
            ? new Refused(
                413,
                "The request has %s questions; expected at most %s."
                    .formatted(questions.size(), limits.queue))
            : Refused.full(queue.size());
      }
      for (Q question : questions) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        queue.add(new Waiting<>(question, now, deadline, answer));
        answers.add(answer);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
    return answers;
  }

  /** Questions that wait for a worker. */
  public int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  private void work(Service.Worker<Q, A> worker) {
    for (List<Waiting<Q, A>> batch = next(); batch != null; batch = next()) {
      try {
        answer(worker, batch);
      } finally {
        lock.lock();
        working--;
        lock.unlock();
      }
    }
  }

  /** The next batch to work on, which may be empty; null when there will be none. */
  private List<Waiting<Q, A>> next() {
    lock.lock();
    try {
      while (queue.isEmpty()) {
        if (closed) {
          return null;
        }
        changed.awaitUninterruptibly();
      }
      gather();
      List<Waiting<Q, A>> batch = new ArrayList<>();
      int wanted = take(Math.min(queue.size(), largest), sizes);
      while (batch.size() < wanted && !queue.isEmpty()) {
        Waiting<Q, A> first = queue.remove();
        if (first.deadline - System.nanoTime() <= 0) {
          first.answer.completeExceptionally(Refused.late());
        } else if (!first.answer.isDone()) {
          batch.add(first);
        }
      }
      if (!queue.isEmpty()) {
        changed.signal(); // there is work for another one
      }
      working++;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many of those that wait go into a batch: all, unless a size leaves at most half of them to
   * the next.
   */
  static int take(int waiting, List<Integer> sizes) {
    int fitting = 0;
    for (int size : sizes) {
      fitting = size <= waiting ? size : fitting;
    }
    return 2 * fitting >= waiting ? fitting : waiting;
  }

  /** Waits for a full batch while others are at work, as long as the limits say. */
  private void gather() {
    long left = limits.delayNanos;
    try {
      while (left > 0 && working > 0 && queue.size() < largest && !closed) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Service.Worker<Q, A> worker, List<Waiting<Q, A>> batch) {
    if (batch.isEmpty()) {
      return;
    }
    long started = System.nanoTime();
    List<A> answers;
    try {
      answers = worker.answer(batch.stream().map(Waiting::question).toList());
    } catch (Throwable e) { // a worker that ends would leave its clients waiting
      if (batch.size() == 1) {
        batch.get(0).answer.completeExceptionally(e);
      } else { // whoever it was, the others are not to suffer
        batch.forEach(each -> answer(worker, List.of(each)));
      }
      return;
    }
    observer.answered(batch.size(), started - batch.get(0).since, System.nanoTime() - started);
    for (int i = 0; i < answers.size(); i++) {
      batch.get(i).answer.complete(answers.get(i));
    }
  }

  /** Takes no more questions, and waits until those taken have been answered. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(60));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
