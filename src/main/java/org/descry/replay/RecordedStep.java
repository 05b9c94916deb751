package org.descry.replay;

import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.descry.engine.dnn.Precision;
import org.descry.engine.tape.RecordingExecutioner;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a graph as {@link ComputationGraph#fit(MultiDataSet)} does, to the same bits, but walks
 * the graph only in the first step on batches of a shape. That step is recorded as a flat list of
 * native calls on memory of its own; the later ones copy their batch there and replay the list.
 *
 * <p>Every layer has to be {@link org.descry.layer.Recordable}, as all of Descry's are. A graph
 * that has others, and a listener that wants to see activations or gradients on their way, get
 * {@code fit} itself, and the log says so once. The engine has to be started before ND4J loads
 * ({@link org.descry.engine.Engine#start()}).
 *
 * <p>A step whose loss is not finite leaves the parameters, the updater and the count of steps as
 * they were, so that it can be found out where that comes from.
 *
 * <p>The graph may be used in any other way between two steps; its parameters stay where they are.
 * For one thread at a time.
 */
public final class RecordedStep {
  private static final Logger LOG = LoggerFactory.getLogger(RecordedStep.class);

  private final ComputationGraph network;
  private final Precision precision;
  private final RecordedPasses passes;
  private ComputationGraphUpdater updaterOfUpdate;
  private PreparedUpdate update;
  private boolean keepsSteps;
  private boolean said;
  private long forward;
  private long backward;
  private long updating;

  /**
   * @param halving whether a batch is done in halves, if it can be
   */
  RecordedStep(ComputationGraph network, Precision precision, RecordedPasses.Halving halving) {
    this(network, precision, RecordedPasses.halving(network, precision, halving));
  }

  private RecordedStep(ComputationGraph network, Precision precision, RecordedPasses passes) {
    this.network = network;
    this.precision = precision;
    this.passes = passes;
  }

  /** A step of the network, which must have been initialised. */
  public static RecordedStep of(ComputationGraph network) {
    return of(network, Precision.FLOAT32);
  }

  /**
   * A step whose products are done in a precision; all else stays float32.
   *
   * @throws IllegalStateException by the first step, if the machine does not have the precision
   */
  public static RecordedStep of(ComputationGraph network, Precision precision) {
    return new RecordedStep(network, precision, values -> false);
  }

  /**
   * A step that does the halves of a batch on two threads at the same time, where that is faster:
   * with two threads, where the layers hand on three times as many values as the network has
   * parameters (each half reads all of those), all take examples apart ({@link
   * org.descry.layer.Recordable#takesExamplesApart}), and every array of the batch has a row for
   * each example. Gradients are then sums of two sums, so that their last digits are not those of
   * {@link ComputationGraph#fit(MultiDataSet)}; the same steps on as many threads give the same
   * bits.
   */
  public static RecordedStep halving(ComputationGraph network, Precision precision) {
    return new RecordedStep(
        network, precision, values -> Division.halvesAreFaster(values, network.numParams()));
  }

  /**
   * A step that does the shards of a batch at the same time, each on a thread of its own that
   * shares its calls with no other, or in a process of its own: gradients are added in the order of
   * the shards, then one update is made. A batch that has fewer examples than shards is done whole.
   * Dropout draws a mask for each shard. The same steps in as many shards give the same bits,
   * wherever they are done.
   *
   * @param group of processes that do a shard each; null where this process does all
   */
  public static RecordedStep sharing(
      ComputationGraph network, Precision precision, Division division, Group group) {
    if (group != null && group.size() != division.parts()) {
      throw new IllegalArgumentException(
          "expected as many processes as shards, %s, got %s"
              .formatted(division.parts(), group.size()));
    }
    return new RecordedStep(
        network, precision, RecordedPasses.sharing(network, precision, division, group));
  }

  /**
   * One step; afterwards the network has its score.
   *
   * @throws IllegalArgumentException for a batch that the network's layers do not take
   */
  public void fit(MultiDataSet batch) {
    synchronized (network) {
      String obstacle = obstacle();
      if (obstacle == null) {
        step(batch);
        return;
      }
      if (!said) {
        said = true;
        LOG.warn("Steps are not recorded, ComputationGraph.fit does each anew: {}.", obstacle);
      }
    }
    precision.during(
        () -> {
          network.fit(batch);
          return null;
        });
  }

  /**
   * Where the time of all recorded steps so far went, in nanoseconds.
   *
   * @param forward with the losses
   * @param update of the parameters by their gradients
   */
  public record Spent(long forward, long backward, long update) {}

  public Spent spent() {
    return new Spent(forward, backward, updating);
  }

  /** In how many parts batches were trained so far: the largest number. */
  public int parts() {
    return passes.parts();
  }

  /** How many shapes of batches are recorded. */
  public int plans() {
    return passes.plans();
  }

  /** Why the network is trained by {@code fit}, as part of a sentence; null if it is not. */
  public String obstacle() {
    if (passes.obstacle() != null) {
      return passes.obstacle();
    }
    if (network.numParams() == 0) {
      return "it has no parameters";
    }
    if (network.conf().getOptimizationAlgo() != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
      return "it is trained by " + network.conf().getOptimizationAlgo();
    }
    if (!RecordingExecutioner.installed()) {
      return "ND4J was loaded before the engine was started";
    }
    TrainingListener curious = Listeners.ofPasses(network);
    return curious == null
        ? null
        : "a %s listens to its passes".formatted(curious.getClass().getSimpleName());
  }

  private void step(MultiDataSet batch) {
    long start = System.nanoTime();
    Gradient gradients = precision.during(() -> passes.run(batch));
    long passed = System.nanoTime();
    forward += passes.forwardDone() - start;
    backward += passed - passes.forwardDone();
    if (!Double.isFinite(network.score())) {
      return;
    }
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      Listeners.gradientsDone(network);
    }
    long before = System.nanoTime();
    update(gradients, (int) batch.getLabels(0).size(0));
    updating += System.nanoTime() - before;
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      Listeners.stepDone(network);
    }
    BaseOptimizer.incrementIterationCount(network, 1);
    BaseOptimizer.applyConstraints(network);
  }

  private void update(Gradient gradients, int examples) {
    int iteration = network.getIterationCount();
    int epoch = network.getEpochCount();
    ComputationGraphUpdater updater = network.getUpdater();
    boolean keeps = Listeners.ofSteps(network);
    boolean known = updater == updaterOfUpdate && keeps == keepsSteps;
    if (known && update != null) {
      update.run(examples, iteration, epoch);
      return;
    }
    LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspacesImmutable();
    updater.update(gradients, iteration, epoch, examples, none);
    INDArray moves = network.getFlattenedGradients(); // as the updater leaves them
    network.params().subi(moves.reshape(moves.length()));
    if (!known) {
      updaterOfUpdate = updater;
      keepsSteps = keeps;
      try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
        update = PreparedUpdate.of(network, keeps);
      }
    }
  }
}
