package org.descry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.descry.DescryException;
import org.descry.TimedOutException;
import org.junit.jupiter.api.Test;

class ReplicasTest {
  /** Notices when two threads are inside. */
  private static final class OneAtATime {
    private final AtomicBoolean busy = new AtomicBoolean();

    int twice(int value) {
      assertThat(busy.compareAndSet(false, true)).isTrue();
      Thread.yield();
      busy.set(false);
      return 2 * value;
    }
  }

  @Test
  void manyThreadsMakeNoMoreReplicasThanAllowedAndNoneServesTwoAtOnce() throws Exception {
    AtomicInteger made = new AtomicInteger();
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    Replicas<OneAtATime> replicas =
        new Replicas<>(
            3,
            () -> {
              made.incrementAndGet();
              return new OneAtATime();
            });
    ExecutorService callers = Executors.newFixedThreadPool(40);
    try {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        int value = i;
        answers.add(
            callers.submit(
                () ->
                    replicas.call(
                        one -> {
                          workers.add(Thread.currentThread());
                          return one.twice(value);
                        })));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(2 * i);
      }
    } finally {
      callers.shutdownNow();
    }
    assertThat(made.get()).isBetween(1, 3);
    assertThat(workers).hasSizeBetween(1, 3).allMatch(Thread::isDaemon);
  }

  @Test
  void callsOfOneThreadMakeOneReplica() {
    AtomicInteger made = new AtomicInteger();
    Replicas<Integer> replicas = new Replicas<>(4, made::incrementAndGet);
    assertThat(IntStream.range(0, 50).map(i -> replicas.call(one -> one))).containsOnly(1);
  }

  @Test
  void aFailedCallGivesItsReplicaBack() {
    Replicas<String> replicas = new Replicas<>(1, () -> "one");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> replicas.call(one -> one.substring(9)))
          .isInstanceOf(StringIndexOutOfBoundsException.class);
      assertThatThrownBy(
              () ->
                  replicas.call(
                      one -> {
                        throw new OutOfMemoryError("of a test");
                      }))
          .isInstanceOf(OutOfMemoryError.class);
    }
    assertThat(replicas.<String>call(one -> one)).isEqualTo("one");
  }

  @Test
  void aReplicaThatCannotBeMadeIsTriedAgain() {
    AtomicInteger tries = new AtomicInteger();
    Replicas<Integer> replicas =
        new Replicas<>(
            1,
            () -> {
              if (tries.incrementAndGet() == 1) {
                throw new DescryException("no memory");
              }
              return 7;
            });
    assertThatThrownBy(() -> replicas.call(one -> one)).hasMessage("no memory");
    assertThat(replicas.<Integer>call(one -> one)).isEqualTo(7);
  }

  @Test
  void aThreadThatIsInterruptedWhileItWaitsLeavesTheOthersAlone() throws Exception {
    Replicas<String> replicas = new Replicas<>(1, () -> "one");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService callers = Executors.newFixedThreadPool(2);
    try {
      Future<String> first = callers.submit(() -> replicas.call(one -> held(one, begun, go)));
      begun.await();
      AtomicBoolean interrupted = new AtomicBoolean();
      Thread waiting =
          new Thread(
              () -> {
                assertThatThrownBy(() -> replicas.call(one -> one))
                    .isInstanceOf(DescryException.class);
                interrupted.set(Thread.currentThread().isInterrupted());
              });
      waiting.start();
      waiting.interrupt();
      waiting.join();
      assertThat(interrupted).isTrue();
      go.countDown();
      assertThat(first.get()).isEqualTo("one");
      assertThat(replicas.<String>call(one -> one)).isEqualTo("one");
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void aCallThatIsLateIsGivenUpAndOneThatHasNotBegunIsNeverDone() throws Exception {
    Replicas<String> replicas = new Replicas<>(1, () -> "one");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService callers = Executors.newFixedThreadPool(1);
    try {
      Future<String> first = callers.submit(() -> replicas.call(one -> held(one, begun, go)));
      begun.await();
      Deadline deadline = Deadline.in(Duration.ofMillis(5));
      assertThatThrownBy(
              () ->
                  replicas.call(
                      one -> {
                        done.set(true);
                        return one;
                      },
                      deadline))
          .isInstanceOf(TimedOutException.class)
          .hasMessage("The model has not answered within 0.005s; expected an answer by then.");
      assertThatThrownBy(deadline::check).isInstanceOf(TimedOutException.class);
      go.countDown();
      assertThat(first.get()).isEqualTo("one");
      Deadline enough = Deadline.in(Duration.ofSeconds(Long.MAX_VALUE));
      assertThat(replicas.<String>call(one -> one, enough)).isEqualTo("one");
      assertThat(done).isFalse();
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void closedItAnswersThoseThatWaitAndNobodyElse() throws Exception {
    AtomicReference<Thread> worker = new AtomicReference<>();
    Replicas<String> replicas = new Replicas<>(1, () -> "one");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService callers = Executors.newFixedThreadPool(2);
    try {
      Future<String> first =
          callers.submit(
              () ->
                  replicas.call(
                      one -> {
                        worker.set(Thread.currentThread());
                        return held(one, begun, go);
                      }));
      begun.await();
      replicas.close();
      assertThatThrownBy(() -> replicas.call(one -> one))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has been closed");
      go.countDown();
      assertThat(first.get()).isEqualTo("one");
      worker.get().join(); // ends, and not after half a minute of idling alone
      replicas.close();
    } finally {
      callers.shutdownNow();
    }
  }

  /** A call that lasts until it is let go. */
  private static String held(String one, CountDownLatch begun, CountDownLatch go) {
    begun.countDown();
    await(go);
    return one;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
