package org.descry.serve.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.descry.engine.dnn.Precision;
import org.descry.kind.service.Options;
import org.descry.kind.service.Service;
import org.descry.kind.service.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatcherTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  /** What is filled up takes as long as what is not: the rest goes with those who come. */
  @ParameterizedTest
  @CsvSource({
    "1 2 3 4 6 8 12, 1, 1",
    "1 2 3 4 6 8 12, 5, 4",
    "1 2 3 4 6 8 12, 11, 8",
    "1 2 3 4 6 8 12, 12, 12",
    "1 8 32, 7, 7",
    "1 8 32, 16, 8",
    "1 8 32, 17, 17",
    "1, 1, 1"
  })
  void takesWhatNeedsNoFillingUpUnlessThatIsFew(String sizes, int waiting, int taken) {
    List<Integer> known = Stream.of(sizes.split(" ")).map(Integer::valueOf).toList();
    assertThat(Batcher.take(waiting, known)).isEqualTo(taken);
  }

  /** A worker that nobody is at work beside waits for nothing; one beside others does. */
  @Test
  @Timeout(60)
  void whatComesWhileOthersAreAtWorkIsAnsweredTogether() throws Exception {
    Gated service = new Gated();
    BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    Batcher.Limits limits = new Batcher.Limits(2, 4, 100, LONG.toNanos(), Precision.FLOAT32);
    try (Batcher<CompletableFuture<Void>, Integer> batcher =
        new Batcher<>("gated", service, limits, (size, waited, took) -> sizes.add(size))) {
      batcher.ready().get();
      CompletableFuture<Void> gate = new CompletableFuture<>();
      List<CompletableFuture<Integer>> first = ask(batcher, gate);
      assertThat(service.begun.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
      List<CompletableFuture<Integer>> second = ask(batcher, Gated.OPEN);
      List<CompletableFuture<Integer>> third = ask(batcher, Gated.OPEN);
      gate.complete(null);
      for (List<CompletableFuture<Integer>> answers : List.of(first, second, third)) {
        assertThat(answers.get(0).get()).isZero();
      }
      assertThat(List.of(sizes.take(), sizes.take())).containsExactly(1, 2);
    }
  }

  private static List<CompletableFuture<Integer>> ask(
      Batcher<CompletableFuture<Void>, Integer> batcher, CompletableFuture<Void> gate) {
    return batcher.ask(List.of(gate), System.nanoTime() + LONG.toNanos());
  }

  /** Questions are answered when they are complete; says how many it begins with. */
  private static final class Gated implements Service<CompletableFuture<Void>, Integer> {
    static final CompletableFuture<Void> OPEN = CompletableFuture.completedFuture(null);

    final BlockingQueue<Integer> begun = new LinkedBlockingQueue<>();

    @Override
    public Traits traits() {
      return new Traits(
          "wait", Content.FEATURES, List.of(), List.of(), List.of(), List.of(1, 2, 4));
    }

    @Override
    public CompletableFuture<Void> example() {
      return OPEN;
    }

    @Override
    public CompletableFuture<Void> question(String name, byte[] content, Options options) {
      return OPEN;
    }

    @Override
    public List<CompletableFuture<Void>> questions(Map<String, Tensor> inputs, Options options) {
      return List.of();
    }

    @Override
    public Map<String, Object> told(CompletableFuture<Void> question, Integer answer) {
      return Map.of();
    }

    @Override
    public List<Tensor> tensors(List<Integer> answers) {
      return List.of();
    }

    @Override
    public Worker<CompletableFuture<Void>, Integer> worker() {
      return batch -> {
        if (!batch.get(0).isDone()) {
          begun.add(batch.size());
        }
        batch.forEach(CompletableFuture::join);
        return Collections.nCopies(batch.size(), 0);
      };
    }
  }
}
