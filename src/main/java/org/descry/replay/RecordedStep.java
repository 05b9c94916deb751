package org.descry.replay;

import java.util.function.LongSupplier;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.dnn.Precision;
import org.descry.engine.tape.RecordingExecutioner;
import org.nd4j.linalg.api.buffer.DataType;
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
  private final Halving halving;
  private final Division division;
  private final Group group;
  private final GraphWalk walk;
  private final PlanMemory memory = new PlanMemory();
  private final Plans<Passes> plans = new Plans<>();
  private INDArray gradientView;
  private ComputationGraphUpdater updaterOfUpdate;
  private PreparedUpdate update;
  private Shards shards;
  private boolean keepsSteps;
  private boolean said;
  private long forward;
  private long backward;
  private long updating;

  /**
   * What a recorded step leaves.
   *
   * @param shared whether the batch was done in shards
   */
  private record Passes(Gradient gradients, boolean shared) {}

  /**
   * @param halving whether a batch is done in halves, if it can be
   */
  RecordedStep(ComputationGraph network, Precision precision, Halving halving) {
    this(network, precision, halving, null, null);
  }

  private RecordedStep(
      ComputationGraph network,
      Precision precision,
      Halving halving,
      Division division,
      Group group) {
    this.network = network;
    this.precision = precision;
    this.halving = halving;
    this.division = division;
    this.group = group;
    walk = new GraphWalk(network);
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
    return new RecordedStep(network, precision, values -> true, division, group);
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

  /** Whether halves are faster than the whole. */
  @FunctionalInterface
  interface Halving {
    /**
     * @param values counts those that the layers hand on to one another, which takes a forward pass
     */
    boolean faster(LongSupplier values);
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
    return shards == null ? 1 : shards.parts();
  }

  /** How many shapes of batches are recorded. */
  public int plans() {
    return plans.size();
  }

  /** Why the network is trained by {@code fit}, as part of a sentence; null if it is not. */
  public String obstacle() {
    if (walk.trainingObstacle() != null) {
      return walk.trainingObstacle();
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
    Gradient gradients = precision.during(() -> pass(batch));
    long passed = System.nanoTime();
    forward += walk.forwardDone() - start;
    backward += passed - walk.forwardDone();
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

  /** Forward and backward: the network gets its score, and its gradients are returned. */
  Gradient pass(MultiDataSet batch) {
    if (network.getFlattenedGradients() == null) {
      network.initGradientsView();
    }
    if (network.getFlattenedGradients() != gradientView) {
      plans.clear();
      gradientView = network.getFlattenedGradients();
    }
    walk.at(network.getIterationCount(), network.getEpochCount());
    INDArray[] features = batch.getFeatures();
    INDArray[] labels = batch.getLabels();
    INDArray[] masks = batch.getFeaturesMaskArrays();
    INDArray[] labelMasks = batch.getLabelsMaskArrays();
    Plans.Plan<Passes> plan = plans.find(features, labels, masks, labelMasks);
    boolean first = plan == null;
    boolean shared = first ? shared(features, labels, masks, labelMasks) : plan.result().shared;
    if (shared) {
      shards.at(network.getIterationCount(), network.getEpochCount());
    }
    if (first && shared) {
      plan = plans.keep(this::recordShards, features, labels, masks, labelMasks);
    } else if (first) {
      memory.startOver();
      plan = plans.record(this::record, features, labels, masks, labelMasks);
    } else {
      walk.beforeReplay();
      plan.replay(features, labels, masks, labelMasks);
    }
    network.setInputs(features);
    network.setLabels(labels);
    double regularization = network.calcRegularizationScore(true);
    network.setScore(shared ? shards.score(regularization) : walk.score(regularization, memory));
    if (first) {
      walk.clear();
    }
    if (first && shared) {
      shards.clear();
    }
    return plan.result().gradients;
  }

  /** Whether a batch of a new shape is done in shards; if so they are made ready. */
  private boolean shared(INDArray[]... batch) {
    if (division == null ? !halved(batch) : !division.divides(batch)) {
      return false;
    }
    if (shards == null) {
      Division into = division == null ? Division.HALVES : division;
      shards = new Shards(network, walk, memory, precision, into, group);
    }
    return true;
  }

  private boolean halved(INDArray[]... batch) {
    return Dnn.on()
        && gradientView.dataType() == DataType.FLOAT
        && walk.takesExamplesApart()
        && Division.rowsAreExamples(batch)
        && Division.HALVES.divides(batch)
        && halving.faster(() -> values(batch));
  }

  /** How many values the layers hand on to one another. */
  private long values(INDArray[]... batch) {
    memory.startOver();
    walk.set(batch[0], batch[1], batch[2], batch[3]);
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      walk.forward(true, false, memory);
    }
    return memory.values();
  }

  private Passes record(INDArray[]... batch) {
    walk.set(batch[0], batch[1], batch[2], batch[3]);
    return new Passes(walk.train(batch[1], memory), false);
  }

  private Plans.Recording<Passes> recordShards(INDArray[]... batch) {
    Plans.Recording<Gradient> recording = shards.record(batch);
    return new Plans.Recording<>(recording.again(), new Passes(recording.result(), true));
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
    network.params().subi(gradientView.reshape(gradientView.length()));
    if (!known) {
      updaterOfUpdate = updater;
      keepsSteps = keeps;
      try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
        update = PreparedUpdate.of(network, keeps);
      }
    }
  }
}
