package org.descry.gradcheck;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.LossLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * A network in training: the score of a small batch, regularisation included, as a function of
 * every parameter. Autodiff goes from definition to definition by the chain rule; to the gradients
 * of both comes what the configuration's regularisation adds in a training step, so that a score
 * that forgets a term disagrees.
 *
 * <p>The check works on a float64 copy at a random point: the parameters plus normal noise of
 * standard deviation 1 / sqrt(fan-in), since gradients at a tiny initial scale drown in rounding.
 */
public final class NetworkSubject implements Subject {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();
  private static final double BIAS_NOISE = 0.1;

  private final String name;
  private final ComputationGraph network;
  private final MultiDataSet batch;
  private final long examples;

  /**
   * @param network of Descry's layers alone, any float type; it is copied
   * @param batch a few examples; their features' masks are left out
   * @param seed of the noise
   */
  public NetworkSubject(String name, ComputationGraph network, MultiDataSet batch, long seed) {
    this.name = name;
    this.batch =
        new org.nd4j.linalg.dataset.MultiDataSet(
            exact(batch.getFeatures()),
            exact(batch.getLabels()),
            null,
            exact(batch.getLabelsMaskArrays()));
    examples = batch.getFeatures(0).size(0);
    this.network = network.convertDataType(DataType.DOUBLE).clone();
    this.network.getConfiguration().setTrainingWorkspaceMode(WorkspaceMode.NONE);
    this.network.getConfiguration().setInferenceWorkspaceMode(WorkspaceMode.NONE);
    this.network.initGradientsView();
    Values random = new Values(seed);
    for (INDArray parameter : variables().values()) {
      double noise =
          switch (parameter.rank()) {
            case 1 -> BIAS_NOISE;
            case 2 -> 1 / Math.sqrt(parameter.size(0));
            default -> Math.sqrt(parameter.size(0) / (double) parameter.length());
          };
      parameter.addi(random.normal(parameter.shape()).muli(noise));
    }
  }

  private static INDArray[] exact(INDArray[] arrays) {
    return arrays == null
        ? null
        : Arrays.stream(arrays)
            .map(array -> array == null ? null : array.castTo(DataType.DOUBLE))
            .toArray(INDArray[]::new);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, INDArray> variables() {
    Map<String, INDArray> variables = new LinkedHashMap<>();
    for (GraphVertex vertex : network.getVertices()) {
      if (vertex.getLayer() instanceof FrozenLayer) {
        continue; // its parameters have no gradient
      }
      vertex
          .paramTable(false)
          .forEach(
              (key, value) -> {
                if (!untrained(vertex, key)) {
                  variables.put(vertex.getVertexName() + "_" + key, value);
                }
              });
    }
    return variables;
  }

  private static boolean untrained(GraphVertex vertex, String param) {
    return vertex.hasLayer()
        && vertex.getLayer().conf().getLayer() instanceof ExplicitLayer layer
        && layer.untrained(param);
  }

  @Override
  public double value() {
    return network.score(batch, true);
  }

  /** DL4J's layers hand over the gradient of the sum; the score is the mean. */
  @Override
  public Result explicit() {
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.setLayerMaskArrays(null, batch.getLabelsMaskArrays());
    network.computeGradientAndScore();
    Map<String, INDArray> gradients = new LinkedHashMap<>();
    network
        .gradient()
        .gradientForVariable()
        .forEach((key, gradient) -> gradients.put(key, gradient.dup('c').divi(examples)));
    addRegularization(gradients);
    return new Result(activations(), gradients);
  }

  /** By the very methods that DL4J's updater calls, at a learning rate of 1. */
  private void addRegularization(Map<String, INDArray> gradients) {
    for (GraphVertex vertex : network.getVertices()) {
      vertex
          .paramTable(false)
          .forEach(
              (param, value) -> {
                INDArray gradient = gradients.get(vertex.getVertexName() + "_" + param);
                List<Regularization> terms = vertex.getConfig().getRegularizationByParam(param);
                if (gradient != null && terms != null) {
                  terms.forEach(
                      term ->
                          term.apply(
                              value,
                              gradient,
                              1,
                              network.getIterationCount(),
                              network.getEpochCount()));
                }
              });
    }
  }

  private Map<String, INDArray> activations() {
    Map<String, INDArray> activations = new LinkedHashMap<>();
    network
        .feedForward(batch.getFeatures(), true, false)
        .forEach((vertex, out) -> activations.put(vertex, out.dup('c')));
    network.getConfiguration().getNetworkInputs().forEach(activations::remove);
    return activations;
  }

  /**
   * @throws DescryException if a layer has no SameDiff definition
   */
  @Override
  public Result autodiff() {
    Map<String, INDArray> activations = activations();
    List<String> inputs = network.getConfiguration().getNetworkInputs();
    for (int i = 0; i < inputs.size(); i++) {
      activations.put(inputs.get(i), batch.getFeatures(i));
    }
    Map<String, INDArray> outputs = new HashMap<>();
    Map<String, INDArray> gradients = new HashMap<>();
    Map<String, INDArray> flowing = new HashMap<>();
    int[] order = network.topologicalSortOrder();
    for (int i = order.length - 1; i >= 0; i--) {
      String vertex = network.getVertices()[order[i]].getVertexName();
      if (inputs.contains(vertex)) {
        continue;
      }
      Link link = link(vertex, activations, flowing.get(vertex));
      outputs.put(vertex, link.result.outputs().get(Autodiff.OUTPUT));
      link.result
          .gradients()
          .forEach(
              (key, gradient) -> {
                String below = link.inputs.get(key);
                if (below == null) {
                  gradients.put(vertex + "_" + key, gradient);
                } else {
                  flowing.merge(below, gradient, INDArray::add);
                }
              });
    }
    addRegularization(gradients);
    return new Result(outputs, gradients);
  }

  /**
   * One vertex differentiated.
   *
   * @param inputs the definition's names of its inputs to those of the vertices below
   */
  private record Link(Result result, Map<String, String> inputs) {}

  private Link link(String name, Map<String, INDArray> activations, INDArray dOut) {
    List<String> below = network.getConfiguration().getVertexInputs().get(name);
    GraphVertex vertex = network.getVertex(name);
    INDArray x = activations.get(below.get(0));
    Map<String, String> single = Map.of(Autodiff.INPUT, below.get(0));
    if (!vertex.hasLayer()) {
      return vertexLink(name, vertex, below, activations, dOut);
    }
    boolean frozen = vertex.getLayer() instanceof FrozenLayer;
    Layer runtime = frozen ? ((FrozenLayer) vertex.getLayer()).getInsideLayer() : vertex.getLayer();
    if (runtime.conf().getLayer() instanceof LossLayer loss) {
      int output = network.getConfiguration().getNetworkOutputs().indexOf(name);
      INDArray mask = batch.getLabelsMaskArrays() == null ? null : batch.getLabelsMaskArray(output);
      return new Link(Autodiff.loss(loss, x, batch.getLabels(output), mask), single);
    } else if (runtime.conf().getLayer() instanceof ExplicitLayer layer) {
      Set<String> wanted = new TreeSet<>(runtime.paramTable().keySet());
      wanted.removeIf(layer::untrained);
      if (!network.getConfiguration().getNetworkInputs().contains(below.get(0))) {
        wanted.add(Autodiff.INPUT);
      }
      Result result = Autodiff.layer(layer, runtime.paramTable(), x, null, dOut, wanted);
      if (frozen && result != null) {
        return new Link(new Result(result.outputs(), Map.of()), single);
      }
      return new Link(result == null ? explicitly(runtime, dOut) : result, single);
    }
    throw undefined(name, runtime.conf().getLayer().getClass());
  }

  /** What no graph can tell, such as a dropout's mask, the explicit pass of the same step tells. */
  private static Result explicitly(Layer runtime, INDArray dOut) {
    INDArray dX = runtime.backpropGradient(dOut, NO_WORKSPACES).getSecond();
    return new Result(Map.of(), Map.of(Autodiff.INPUT, dX.dup('c')));
  }

  private Link vertexLink(
      String name,
      GraphVertex runtime,
      List<String> below,
      Map<String, INDArray> activations,
      INDArray dOut) {
    var configuration = network.getConfiguration().getVertices().get(name);
    if (!(configuration instanceof SameDiffVertex vertex)) {
      if (configuration.numParams(false) > 0) {
        throw undefined(name, configuration.getClass());
      }
      return explicitLink(runtime, below, activations, dOut);
    }
    List<String> names = vertex.getVertexParams().getInputs();
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    Map<String, String> links = new HashMap<>();
    Map<String, INDArray> params = runtime.paramTable(false);
    Set<String> wanted = new TreeSet<>(params.keySet());
    for (int i = 0; i < names.size(); i++) {
      inputs.put(names.get(i), activations.get(below.get(i)));
      links.put(names.get(i), below.get(i));
      if (!network.getConfiguration().getNetworkInputs().contains(below.get(i))) {
        wanted.add(names.get(i));
      }
    }
    return new Link(Autodiff.vertex(vertex, params, inputs, null, dOut, wanted), links);
  }

  /** DL4J's own vertices without parameters, such as a sum, have an explicit pass alone. */
  private static Link explicitLink(
      GraphVertex runtime, List<String> below, Map<String, INDArray> activations, INDArray dOut) {
    Map<String, String> links = new HashMap<>();
    Map<String, INDArray> gradients = new HashMap<>();
    for (int i = 0; i < below.size(); i++) {
      runtime.setInput(i, activations.get(below.get(i)), NO_WORKSPACES);
    }
    INDArray out = runtime.doForward(true, NO_WORKSPACES).dup('c');
    runtime.setEpsilon(dOut.dup('c'));
    INDArray[] dInputs = runtime.doBackward(false, NO_WORKSPACES).getSecond();
    for (int i = 0; i < dInputs.length; i++) {
      links.put("input" + i, below.get(i));
      gradients.put("input" + i, dInputs[i].dup('c'));
    }
    return new Link(new Result(Map.of(Autodiff.OUTPUT, out), gradients), links);
  }

  private DescryException undefined(String vertex, Class<?> type) {
    return new UsageException(
        "%s: the layer %s is a %s, which has no SameDiff definition to differentiate; expected Descry's layers alone."
            .formatted(name, vertex, type.getSimpleName()));
  }
}
