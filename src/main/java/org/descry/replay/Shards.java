package org.descry.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.Bfloat16;
import org.descry.engine.NativeOp;
import org.descry.engine.Ranks;
import org.descry.engine.dnn.Precision;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Both passes over the shards of a batch at the same time, each by a thread of its own on its own
 * network. Afterwards the gradients are added to the first one's, shard after shard. The networks
 * of this process have one set of parameters.
 *
 * <p>In a {@link Group} each process does one of the shards, to the same bits.
 */
final class Shards {
  private final Division division;
  private final Group group;
  private final Precision precision;
  private final List<Shard> shards = new ArrayList<>();
  private final NativeOp add = new NativeOp("add");
  private final ShardThreads threads;
  private final INDArray scores;
  private Meeting meeting;
  private double[] shares;

  /** A network with its passes and their memory. */
  private record Shard(ComputationGraph network, GraphWalk walk, PlanMemory memory) {
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
   * @param walk through the network, which does the first shard, or this process's
   * @param memory of the walk
   * @param group that does the shards; null where this process does all of them
   */
  Shards(
      ComputationGraph network,
      GraphWalk walk,
      PlanMemory memory,
      Precision precision,
      Division division,
      Group group) {
    this.precision = precision;
    this.division = division;
    this.group = group;
    shards.add(new Shard(network, walk, memory));
    for (int i = 1; group == null && i < division.parts(); i++) {
      ComputationGraph other = new ComputationGraph(network.getConfiguration().clone());
      other.init(network.params(), false);
      other.initGradientsView();
      shards.add(new Shard(other, new GraphWalk(other), new PlanMemory()));
    }
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      scores = Nd4j.zeros(DataType.DOUBLE, 1);
    }
    meeting = new Meeting(division.parts());
    threads = new ShardThreads(shards.size());
  }

  /** How many shards a batch is done in. */
  int parts() {
    return division.parts();
  }

  private int rank(int shard) {
    return group == null ? shard : group.rank();
  }

  private Ranks ranks(int shard, long units) {
    int rank = rank(shard);
    return new Ranks(
        rank,
        division.end(rank, units) - division.end(rank - 1, units),
        units,
        division.wholeBatch(),
        shard == 0,
        group == null ? array -> meeting.sum(rank, array) : group.sum());
  }

  /**
   * @param batch features, labels and their masks, which {@link Division#divides}
   */
  Plans.Recording<Gradient> record(INDArray[][] batch) {
    long units = Division.units(batch);
    List<Ranks> ranks = IntStream.range(0, shards.size()).mapToObj(i -> ranks(i, units)).toList();
    double[] own = ranks.stream().mapToDouble(Ranks::share).toArray();
    List<INDArray[][]> parts =
        IntStream.range(0, shards.size()).mapToObj(i -> division.shard(rank(i), batch)).toList();
    List<Plans.Recording<Gradient>> recorded =
        all(i -> ranks.get(i).during(() -> shards.get(i).record(parts.get(i))));
    shares = own;
    Plans.Recording<Boolean> sum = Plans.Recording.of(this::sum);
    return new Plans.Recording<>(
        () -> {
          shares = own;
          for (int i = 1; i < shards.size(); i++) {
            shards.get(i).walk.beforeReplay();
          }
          all(i -> ranks.get(i).during(() -> replay(recorded.get(i))));
          sum.again().run();
        },
        recorded.get(0).result());
  }

  private static boolean replay(Plans.Recording<?> recording) {
    recording.again().run();
    return true;
  }

  private boolean sum() {
    INDArray first = shards.get(0).gradient();
    if (group != null) {
      Ranks.Sum sum = division.rounds() ? group.rounded() : group.sum();
      Tape.run(() -> sum.of(first));
      return true;
    }
    round(first);
    for (int i = 1; i < shards.size(); i++) {
      INDArray other = shards.get(i).gradient();
      round(other);
      add.in(first, other).out(first).run();
    }
    round(first);
    return true;
  }

  private void round(INDArray gradient) {
    if (division.rounds()) {
      Tape.run(Bfloat16.rounding(gradient));
    }
  }

  /** Does something with each shard at the same time, and waits for all. */
  private <T> List<T> all(IntFunction<T> work) {
    boolean done = false;
    try {
      List<T> results =
          threads.all(i -> i == 0 ? one(work, i) : precision.during(() -> one(work, i)));
      done = true;
      return results;
    } finally {
      if (!done) {
        meeting = new Meeting(division.parts());
      }
    }
  }

  private <T> T one(IntFunction<T> work, int shard) {
    boolean done = false;
    try {
      T result = work.apply(shard);
      done = true;
      return result;
    } finally {
      if (!done) {
        meeting.breakOff();
      }
    }
  }

  /** Says which step the next one is. */
  void at(int iteration, int epoch) {
    for (int i = 1; i < shards.size(); i++) {
      shards.get(i).walk.at(iteration, epoch);
    }
  }

  /**
   * The score of the step just done, see {@link GraphWalk#score}.
   *
   * @param regularization of the first network; a term of it may be one of its shard alone, unless
   *     all layers take examples apart
   */
  double score(double regularization) {
    boolean apart = shards.get(0).walk.takesExamplesApart();
    double score = 0;
    for (int i = 0; i < shards.size(); i++) {
      Shard shard = shards.get(i);
      double own =
          apart ? 0 : i == 0 ? regularization : shard.network.calcRegularizationScore(true);
      score += shares[i] * shard.walk.score(own, shard.memory);
    }
    if (group != null) {
      group.sum().of(scores.putScalar(0, score));
      score = scores.getDouble(0);
    }
    return apart ? score + regularization : score;
  }

  /** After a recording: the other graphs let go of the arrays. */
  void clear() {
    for (int i = 1; i < shards.size(); i++) {
      shards.get(i).walk.clear();
    }
  }
}
