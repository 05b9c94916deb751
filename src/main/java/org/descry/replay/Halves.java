package org.descry.replay;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.NativeOp;
import org.descry.engine.dnn.Precision;
import org.descry.engine.dnn.Team;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Both passes over the two halves of a batch at the same time, each by a thread of its own on its
 * own network, where otherwise all threads share each operation and wait for one another after it.
 * The networks have one set of parameters; the second half's gradients are added to the first's.
 */
final class Halves {
  private static final long IDLE_SECONDS = 30;

  /**
   * Measured: halves took 6 to 11% less time at 4.6, up to 3% less at 10, as much at 2, more below.
   */
  private static final long VALUES_PER_PARAMETER = 3;

  private final Precision precision;
  private final Half first;
  private final Half second;
  private final NativeOp add = new NativeOp("add");
  private final ExecutorService thread = thread();
  private double share;

  /** A network with its passes and their memory. */
  private record Half(ComputationGraph network, GraphWalk walk, PlanMemory memory) {
    INDArray gradient() {
      INDArray gradient = network.getFlattenedGradients();
      return gradient.reshape(1, gradient.length());
    }

    Plans.Recording<Gradient> record(INDArray[][] batch) {
      memory.startOver();
      try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
        return Plans.Recording.of(
            () -> {
              walk.set(batch[0], batch[1], batch[2], batch[3]);
              return walk.train(batch[1], memory);
            });
      }
    }
  }

  /**
   * @param walk through the network, which does the first half
   * @param memory of the walk
   */
  Halves(ComputationGraph network, GraphWalk walk, PlanMemory memory, Precision precision) {
    this.precision = precision;
    first = new Half(network, walk, memory);
    ComputationGraph other = new ComputationGraph(network.getConfiguration().clone());
    other.init(network.params(), false);
    other.initGradientsView();
    second = new Half(other, new GraphWalk(other), new PlanMemory());
  }

  private static ExecutorService thread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "descry-half");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /**
   * Whether two halves take less time than the whole. Each half reads all parameters and writes a
   * gradient of each, which has to be outweighed.
   *
   * @param values that the layers hand on to one another
   */
  static boolean faster(LongSupplier values, long parameters) {
    return Team.size() == 2 && values.getAsLong() >= VALUES_PER_PARAMETER * parameters;
  }

  /** Whether each of the arrays has a row for every example. */
  static boolean possible(long examples, INDArray[]... batch) {
    for (INDArray[] group : batch) {
      for (int i = 0; group != null && i < group.length; i++) {
        if (group[i] != null && (group[i].rank() < 2 || group[i].size(0) != examples)) {
          return false;
        }
      }
    }
    return examples > 1;
  }

  /**
   * @param batch features, labels and their masks, with as many rows each
   */
  Plans.Recording<Gradient> record(INDArray[][] batch) {
    long examples = batch[1][0].size(0);
    long half = (examples + 1) / 2;
    INDArray[][] begin = rows(batch, 0, half);
    INDArray[][] end = rows(batch, half, examples);
    List<Plans.Recording<Gradient>> recorded =
        both(() -> first.record(begin), () -> second.record(end));
    Supplier<Void> one = replay(recorded.get(0));
    Supplier<Void> other = replay(recorded.get(1));
    Plans.Recording<Boolean> sum = Plans.Recording.of(this::sum);
    share = (double) half / examples;
    return new Plans.Recording<>(
        () -> {
          share = (double) half / examples;
          second.walk.beforeReplay();
          both(one, other);
          sum.again().run();
        },
        recorded.get(0).result());
  }

  private static Supplier<Void> replay(Plans.Recording<?> recording) {
    return () -> {
      recording.again().run();
      return null;
    };
  }

  private boolean sum() {
    add.in(first.gradient(), second.gradient()).out(first.gradient()).run();
    return true;
  }

  private static INDArray[][] rows(INDArray[][] batch, long from, long to) {
    return Arrays.stream(batch)
        .map(group -> group == null ? null : rows(group, from, to))
        .toArray(INDArray[][]::new);
  }

  private static INDArray[] rows(INDArray[] group, long from, long to) {
    return Arrays.stream(group)
        .map(array -> array == null ? null : array.get(NDArrayIndex.interval(from, to)))
        .toArray(INDArray[]::new);
  }

  /** Does two things at the same time, the second on the other thread, and waits for both. */
  private <T> List<T> both(Supplier<T> here, Supplier<T> there) {
    CompletableFuture<T> other =
        CompletableFuture.supplyAsync(() -> Team.alone(() -> precision.during(there)), thread);
    T one;
    try {
      one = Team.alone(here);
    } finally {
      other.exceptionally(e -> null).join(); // nothing is at work when a failure is told
    }
    try {
      return Arrays.asList(one, other.join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // a Supplier throws no others
    }
  }

  /** Says which step the next one is. */
  void at(int iteration, int epoch) {
    second.walk.at(iteration, epoch);
  }

  /** The score of the step just done, see {@link GraphWalk#score}. */
  double score(double regularization) {
    double one = first.walk.score(0, first.memory);
    double other = second.walk.score(0, second.memory);
    return share * one + (1 - share) * other + regularization;
  }

  /** After a recording: the second graph lets go of the arrays. */
  void clear() {
    second.walk.clear();
  }
}
