package org.descry.train.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.descry.metrics.LayerNorms;
import org.descry.replay.GradientListener;
import org.descry.train.checkpoint.TrainingState.Watched;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;

/** Norms of each layer's weights, gradients and updates, over the steps of an epoch. */
public final class Watch extends GradientListener {
  private final ComputationGraph network;
  private final Map<String, List<ParamState>> layers = new TreeMap<>();
  private final INDArray before;
  private Watched sums = Watched.NONE;

  public Watch(ComputationGraph network) {
    this.network = network;
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      before = network.params().dup();
    }
    for (UpdaterBlock block : network.getUpdater().getUpdaterBlocks()) {
      for (ParamState param : block.getLayersAndVariablesInBlock()) {
        // Running averages of batch norm are parameters that no gradient is behind.
        if (!(block.getGradientUpdater().getConfig() instanceof NoOp)
            && param.getLayer().updaterDivideByMinibatch(param.getParamName())) {
          layers
              .computeIfAbsent(param.getLayer().getConfig().getLayerName(), n -> new ArrayList<>())
              .add(param);
        }
      }
    }
  }

  @Override
  public void onGradientCalculation(Model model) {
    double rows = network.getInput(0).size(0);
    Map<String, LayerNorms> norms =
        norms(layer -> new LayerNorms(0, norm(layer, ParamState::getGradView) / rows, 0));
    sums = sums.plus(norms, 1);
    if (!norms.values().stream().allMatch(norm -> Double.isFinite(norm.gradients()))) {
      notFinite(network);
    }
    before.assign(network.params());
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    before.subi(network.params());
    sums = sums.plus(norms(layer -> new LayerNorms(0, 0, norm(layer, this::update))), 0);
  }

  /** What a step took from a parameter. */
  private INDArray update(ParamState param) {
    INDArray view = param.getParamView();
    long from = view.offset() - network.params().offset();
    return before.reshape(before.length()).get(NDArrayIndex.interval(from, from + view.length()));
  }

  /** What is known so far of the epoch. */
  public Watched sums() {
    return sums;
  }

  /** Begins an epoch, or goes on with one. */
  public void restore(Watched from) {
    sums = from;
  }

  /** Of the epoch so far, by layer; of weights as they are now. */
  public Map<String, LayerNorms> norms() {
    double steps = Math.max(1, sums.steps());
    Map<String, LayerNorms> norms = new TreeMap<>();
    sums.layers()
        .forEach(
            (name, sum) ->
                norms.put(
                    name,
                    new LayerNorms(
                        norm(layers.get(name), ParamState::getParamView),
                        sum.gradients() / steps,
                        sum.updates() / steps)));
    return norms;
  }

  private Map<String, LayerNorms> norms(Function<List<ParamState>, LayerNorms> of) {
    Map<String, LayerNorms> norms = new TreeMap<>();
    layers.forEach((name, params) -> norms.put(name, of.apply(params)));
    return norms;
  }

  private static double norm(List<ParamState> layer, Function<ParamState, INDArray> array) {
    double squares = 0;
    for (ParamState param : layer) {
      double norm = array.apply(param).norm2Number().doubleValue();
      squares += norm * norm;
    }
    return Math.sqrt(squares);
  }
}
