package org.descry.replay;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.tape.RecordingExecutioner;
import org.descry.engine.tape.Tape;
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
 * <p>The graph may be used in any other way between two steps; its parameters stay where they are.
 * For one thread at a time.
 */
public final class RecordedStep {
  private static final Logger LOG = LoggerFactory.getLogger(RecordedStep.class);

  /** As many shapes of batches as are remembered; the one longest unused goes first. */
  private static final int PLANS_KEPT = 8;

  private final ComputationGraph network;
  private final GraphWalk walk;
  private final PlanMemory memory = new PlanMemory();
  private final List<Plan> plans = new ArrayList<>();
  private INDArray gradientView;
  private boolean said;

  private RecordedStep(ComputationGraph network) {
    this.network = network;
    walk = new GraphWalk(network);
  }

  /** A step of the network, which must have been initialised. */
  public static RecordedStep of(ComputationGraph network) {
    return new RecordedStep(network);
  }

  /** A recorded step on batches of one shape. */
  private static final class Plan {
    final FixedArray[] features;
    final FixedArray[] labels;
    final FixedArray[] featureMasks;
    final FixedArray[] labelMasks;
    final boolean direct = Dnn.on();
    Gradient gradients;
    Tape tape;

    Plan(MultiDataSet batch) {
      features = FixedArray.like(batch.getFeatures());
      labels = FixedArray.like(batch.getLabels());
      featureMasks = FixedArray.like(batch.getFeaturesMaskArrays());
      labelMasks = FixedArray.like(batch.getLabelsMaskArrays());
    }

    boolean fits(MultiDataSet batch) {
      return direct == Dnn.on()
          && FixedArray.fit(features, batch.getFeatures())
          && FixedArray.fit(labels, batch.getLabels())
          && FixedArray.fit(featureMasks, batch.getFeaturesMaskArrays())
          && FixedArray.fit(labelMasks, batch.getLabelsMaskArrays());
    }

    void read(MultiDataSet batch) {
      FixedArray.copy(batch.getFeatures(), features);
      FixedArray.copy(batch.getLabels(), labels);
      FixedArray.copy(batch.getFeaturesMaskArrays(), featureMasks);
      FixedArray.copy(batch.getLabelsMaskArrays(), labelMasks);
    }
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
        LOG.info("The network is trained by fit, step by step anew: {}.", obstacle);
      }
    }
    network.fit(batch);
  }

  /** How many shapes of batches are recorded. */
  public int plans() {
    return plans.size();
  }

  /** Why the network is trained by {@code fit}, as part of a sentence; null if it is not. */
  public String obstacle() {
    if (walk.obstacle() != null) {
      return walk.obstacle();
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
    Gradient gradients = pass(batch);
    update(gradients, (int) batch.getLabels(0).size(0));
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
    for (Layer layer : network.getLayers()) {
      layer.setIterationCount(network.getIterationCount());
      layer.setEpochCount(network.getEpochCount());
    }
    Plan plan = plan(batch);
    boolean first = plan == null;
    if (first) {
      plan = record(batch);
    } else {
      plan.read(batch);
      walk.beforeReplay();
      plan.tape.replay();
    }
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.setScore(walk.score(memory));
    if (first) {
      walk.clear();
    }
    return plan.gradients;
  }

  /** The plan for the batch, now the last that goes; null if there is none. */
  private Plan plan(MultiDataSet batch) {
    for (int i = plans.size() - 1; i >= 0; i--) {
      Plan plan = plans.get(i);
      if (plan.fits(batch)) {
        if (i < plans.size() - 1) {
          plans.add(plans.remove(i));
        }
        return plan;
      }
    }
    return null;
  }

  private Plan record(MultiDataSet batch) {
    Plan plan = new Plan(batch);
    plan.read(batch);
    INDArray[] labels = FixedArray.arrays(plan.labels);
    memory.startOver();
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      walk.set(
          FixedArray.arrays(plan.features),
          labels,
          FixedArray.arrays(plan.featureMasks),
          FixedArray.arrays(plan.labelMasks));
      plan.tape = Tape.record(() -> plan.gradients = walk.train(labels, memory));
    }
    if (plans.size() == PLANS_KEPT) {
      plans.remove(0);
    }
    plans.add(plan);
    return plan;
  }

  private void update(Gradient gradients, int examples) {
    network
        .getUpdater()
        .update(
            gradients,
            network.getIterationCount(),
            network.getEpochCount(),
            examples,
            LayerWorkspaceMgr.noWorkspacesImmutable());
    network.params().subi(gradientView.reshape(gradientView.length()));
  }
}
