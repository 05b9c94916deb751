package org.descry.replay;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.tape.RecordingExecutioner;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * A graph in use, as {@link ComputationGraph#output} and {@link ComputationGraph#scoreExamples} do
 * it, to the same bits, but recorded as {@link RecordedStep} records training: when a shape is seen
 * for the second time, since many a question is asked once. Graphs that cannot be recorded are
 * walked by DL4J each time.
 *
 * <p>The parameters are read anew in each call and may change, but must stay where they are, unless
 * they were said to be constant. For one thread at a time.
 */
public final class RecordedOutput {
  private final ComputationGraph network;
  private final boolean constant;
  private final GraphWalk walk;
  private final PlanMemory memory = new PlanMemory();
  private final Plans<Answers> plans = new Plans<>();
  private final Plans<Answers> scored = new Plans<>();
  private final Plans<Answers> losses = new Plans<>();

  /** Digests of the last shapes that were seen. */
  private final int[] seen = new int[32];

  private int next;

  /**
   * What a network says of a batch.
   *
   * @param outputs in the order of the network's outputs; null where nobody asked
   * @param losses of each example without regularisation, N x 1; null where nobody asked
   */
  public record Answers(List<INDArray> outputs, INDArray losses) {}

  private RecordedOutput(ComputationGraph network, boolean constant) {
    this.network = network;
    this.constant = constant;
    walk = new GraphWalk(network);
  }

  /** The use of a network, which must have been initialised. */
  public static RecordedOutput of(ComputationGraph network) {
    return new RecordedOutput(network, false);
  }

  /** The use of a network whose parameters are those of now for good, which takes less time. */
  public static RecordedOutput ofConstant(ComputationGraph network) {
    return new RecordedOutput(network, true);
  }

  /** The outputs; they hold until the next call of any method. */
  public List<INDArray> output(INDArray... inputs) {
    if (walk.obstacle() != null || !repeated(inputs)) {
      return List.of(network.output(false, inputs));
    }
    return ask(plans, true, inputs, null, null, null).outputs;
  }

  /** The losses of the examples of a batch, N x 1; they hold until the next call of any method. */
  public INDArray losses(MultiDataSet batch) {
    return walk.trainingObstacle() == null && repeated(batch.getFeatures())
        ? ask(losses, false, batch).losses
        : network.scoreExamples(batch, false);
  }

  /** Outputs and losses, from one pass; they hold until the next call of any method. */
  public Answers score(MultiDataSet batch) {
    if (walk.trainingObstacle() == null && repeated(batch.getFeatures())) {
      return ask(scored, true, batch);
    }
    INDArray each = network.scoreExamples(batch, false);
    INDArray[] outputs =
        network.output(
            false, batch.getFeatures(), batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
    return new Answers(List.of(outputs), each);
  }

  /** Whether a pass over such inputs is worth a recording. */
  private boolean repeated(INDArray[] inputs) {
    if (!RecordingExecutioner.installed()) {
      return false;
    }
    int digest = 1;
    for (INDArray input : inputs) {
      digest = 31 * digest + Arrays.hashCode(input.shape());
    }
    for (int known : seen) {
      if (known == digest) {
        return true;
      }
    }
    seen[next] = digest;
    next = (next + 1) % seen.length;
    return false;
  }

  private Answers ask(Plans<Answers> of, boolean outputs, MultiDataSet batch) {
    return ask(
        of,
        outputs,
        batch.getFeatures(),
        batch.getLabels(),
        batch.getFeaturesMaskArrays(),
        batch.getLabelsMaskArrays());
  }

  private Answers ask(Plans<Answers> of, boolean outputs, INDArray[]... batch) {
    synchronized (network) {
      Plans.Plan<Answers> plan = of.find(batch);
      if (plan == null) {
        plan =
            constant
                ? Tape.ofConstants(() -> record(of, outputs, batch))
                : record(of, outputs, batch);
      } else {
        plan.replay(batch);
      }
      return plan.result();
    }
  }

  private Plans.Plan<Answers> record(Plans<Answers> into, boolean outputs, INDArray[]... batch) {
    memory.startOver();
    try {
      return into.record(
          fixed -> {
            walk.set(fixed[0], fixed[1], fixed[2], fixed[3]);
            INDArray[] given = walk.forward(false, outputs, memory);
            INDArray each = fixed[1] == null ? null : walk.losses(fixed[1], memory);
            return new Answers(given == null ? null : List.of(given), each);
          },
          batch);
    } finally {
      walk.clear();
    }
  }
}
