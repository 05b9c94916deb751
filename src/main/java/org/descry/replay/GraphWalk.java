package org.descry.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.ElementWiseVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.graph.vertex.impl.MergeVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.descry.engine.tape.Tape;
import org.descry.layer.Recordable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The passes through a graph in DL4J's order, with DL4J's way of adding up the gradients of an
 * output that several vertices read, but with memory that lasts: what a recording writes down.
 */
final class GraphWalk {
  /** DL4J's own vertices that do the same operations in each pass. */
  private static final Set<Class<?>> PLAIN = Set.of(ElementWiseVertex.class, MergeVertex.class);

  private final ComputationGraph network;
  private final GraphVertex[] order;
  private final List<Recordable> recordables = new ArrayList<>();
  private final List<IOutputLayer> losses = new ArrayList<>();
  private final Addition addition = new Addition();
  private boolean apart = true;
  private long forwardDone;
  private String obstacle;
  private String trainingObstacle;

  GraphWalk(ComputationGraph network) {
    this.network = network;
    GraphVertex[] vertices = network.getVertices();
    int[] sorted = network.topologicalSortOrder();
    order = new GraphVertex[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      order[i] = vertices[sorted[i]];
      look(order[i]);
    }
    for (String output : network.getConfiguration().getNetworkOutputs()) {
      if (network.getVertex(output).getLayer() instanceof IOutputLayer layer) {
        losses.add(layer);
      } else {
        trainingObstacle = "its output \"%s\" is no output layer".formatted(output);
      }
    }
    if (network.getConfiguration().getBackpropType() != BackpropType.Standard) {
      trainingObstacle = "it is trained by truncated backpropagation through time";
    }
  }

  private void look(GraphVertex vertex) {
    if (vertex.isInputVertex()) {
      return;
    }
    Object passes = vertex;
    if (vertex instanceof LayerVertex of) {
      Layer layer = of.getLayer();
      passes = layer instanceof FrozenLayer frozen ? frozen.getInsideLayer() : layer;
      if (of.getLayerPreProcessor() != null) {
        passes = of.getLayerPreProcessor();
      }
    }
    if (passes instanceof Recordable recordable && recordable.recordable()) {
      recordables.add(recordable);
      apart &= recordable.takesExamplesApart();
    } else if (!PLAIN.contains(passes.getClass())) {
      obstacle =
          "\"%s\" is a %s, which cannot be recorded"
              .formatted(vertex.getVertexName(), passes.getClass().getSimpleName());
    }
  }

  /** Why the graph cannot be recorded, as part of a sentence; null if it can. */
  String obstacle() {
    return obstacle;
  }

  /** Why no losses can be recorded, as part of a sentence; null if they can. */
  String trainingObstacle() {
    return obstacle == null ? trainingObstacle : obstacle;
  }

  /** See {@link Recordable#takesExamplesApart}: whether all of it does. */
  boolean takesExamplesApart() {
    return apart;
  }

  /** What a pass reads. */
  void set(INDArray[] inputs, INDArray[] labels, INDArray[] inputMasks, INDArray[] labelMasks) {
    network.setInputs(inputs);
    if (labels != null) {
      network.setLabels(labels);
    }
    network.setLayerMaskArrays(inputMasks, labelMasks);
  }

  private void set(INDArray[] labels) {
    for (int i = 0; i < losses.size(); i++) {
      losses.get(i).setLabels(labels[i]);
    }
  }

  /** After a forward pass, the losses of the examples, N x 1, summed over the outputs. */
  INDArray losses(INDArray[] labels, PlanMemory memory) {
    set(labels);
    INDArray sum = null;
    for (IOutputLayer layer : losses) {
      INDArray each = layer.computeScoreForExamples(0, memory);
      sum = sum == null ? each : sum.addi(each);
    }
    return sum;
  }

  /** Forward and backward; returns the gradients, each of them part of the network's own. */
  Gradient train(INDArray[] labels, PlanMemory memory) {
    forward(true, false, memory);
    Tape.run(() -> forwardDone = System.nanoTime());
    set(labels);
    Gradient gradients = new DefaultGradient(network.getFlattenedGradients());
    boolean[] reached = new boolean[order.length];
    for (int i = order.length - 1; i >= 0; i--) {
      if (!order[i].isInputVertex() && !frozen(order[i])) {
        backward(order[i], gradients, reached, memory);
      }
    }
    return gradients;
  }

  /** When the forward half of the last {@link #train}, or of its replay, was done. */
  long forwardDone() {
    return forwardDone;
  }

  /**
   * @param outputs whether the outputs are wanted, not just what their losses read
   * @return the outputs; null where they are not wanted
   */
  INDArray[] forward(boolean training, boolean outputs, PlanMemory memory) {
    List<String> names = network.getConfiguration().getNetworkOutputs();
    INDArray[] answers = outputs ? new INDArray[names.size()] : null;
    for (GraphVertex vertex : order) {
      int output = names.indexOf(vertex.getVertexName());
      if (output >= 0 && !outputs) {
        continue;
      }
      INDArray out =
          vertex.isInputVertex()
              ? network.getInput(vertex.getVertexIndex())
              : forward(vertex, training, memory);
      if (output >= 0) {
        answers[output] = out;
      }
      VertexIndices[] readers = vertex.getOutputVertices();
      for (VertexIndices reader : readers == null ? new VertexIndices[0] : readers) {
        network.getVertices()[reader.getVertexIndex()].setInput(
            reader.getVertexEdgeNumber(), out, memory);
      }
    }
    return answers;
  }

  private INDArray forward(GraphVertex vertex, boolean training, PlanMemory memory) {
    return adds(vertex)
        ? addition.of(ArrayType.ACTIVATIONS, memory, vertex.getInputs())
        : vertex.doForward(training, memory);
  }

  private boolean adds(GraphVertex vertex) {
    return network.getConfiguration().getVertices().get(vertex.getVertexName())
            instanceof org.deeplearning4j.nn.conf.graph.ElementWiseVertex conf
        && conf.getOp() == org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op.Add
        && vertex.getInputs().length > 1
        && Addition.alike(vertex.getInputs());
  }

  /** What flows into each input: the gradient of a sum itself, each time in memory of its own. */
  private Pair<Gradient, INDArray[]> flow(GraphVertex vertex, PlanMemory memory) {
    if (!adds(vertex)) {
      return vertex.doBackward(false, memory);
    }
    INDArray gradient = addition.channelsLast(vertex.getEpsilon(), memory);
    INDArray[] each = new INDArray[vertex.getInputs().length];
    each[0] = gradient;
    for (int i = 1; i < each.length; i++) {
      each[i] = Addition.copy(gradient, memory);
    }
    return new Pair<>(null, each);
  }

  /** Adds to a gradient, in place unless others have it, too. */
  private INDArray sum(GraphVertex of, INDArray flowing, PlanMemory memory) {
    INDArray before = of.getEpsilon();
    of.setEpsilon(null);
    if (Arrays.stream(order).anyMatch(other -> shares(other, before))) {
      return addition.of(ArrayType.ACTIVATION_GRAD, memory, before, flowing);
    }
    addition.to(before, flowing);
    return before;
  }

  private void backward(
      GraphVertex vertex, Gradient gradients, boolean[] reached, PlanMemory memory) {
    Pair<Gradient, INDArray[]> pass = flow(vertex, memory);
    VertexIndices[] sources = vertex.getInputVertices();
    INDArray done = vertex.getEpsilon();
    for (int i = 0; i < sources.length; i++) {
      GraphVertex source = network.getVertices()[sources[i].getVertexIndex()];
      INDArray flowing = pass.getSecond()[i];
      boolean several = reached[source.getVertexIndex()] && source.getEpsilon() != null;
      reached[source.getVertexIndex()] = true;
      source.setEpsilon(several ? sum(source, flowing, memory) : flowing);
    }
    vertex.setEpsilon(null);
    release(done, memory);
    for (INDArray flowing : pass.getSecond()) {
      release(flowing, memory); // what has gone into a sum
    }
    if (pass.getFirst() != null) {
      for (Map.Entry<String, INDArray> one : pass.getFirst().gradientForVariable().entrySet()) {
        String name = vertex.getVertexName() + "_" + one.getKey();
        gradients.setGradientFor(
            name, one.getValue(), pass.getFirst().flatteningOrderForVariable(one.getKey()));
      }
    }
  }

  private void release(INDArray gradient, PlanMemory memory) {
    if (gradient != null && Arrays.stream(order).noneMatch(other -> shares(other, gradient))) {
      memory.release(gradient);
    }
  }

  /** Whether an array was handed on as it is. */
  private static boolean shares(GraphVertex vertex, INDArray gradient) {
    return vertex.getEpsilon() != null && vertex.getEpsilon().data() == gradient.data();
  }

  private static boolean frozen(GraphVertex vertex) {
    return vertex.hasLayer() && vertex.getLayer() instanceof FrozenLayer;
  }

  /** Says which step the next one is. */
  void at(int iteration, int epoch) {
    for (Layer layer : network.getLayers()) {
      layer.setIterationCount(iteration);
      layer.setEpochCount(epoch);
    }
  }

  /** Before a replay: what changes from step to step. */
  void beforeReplay() {
    for (int i = 0; i < recordables.size(); i++) {
      recordables.get(i).beforeReplay();
    }
  }

  /**
   * The score of the step just done.
   *
   * @param regularization is added to the mean loss
   */
  double score(double regularization, PlanMemory memory) {
    double score = 0;
    for (int i = 0; i < losses.size(); i++) {
      score += losses.get(i).computeScore(i == 0 ? regularization : 0, true, memory);
    }
    return score;
  }

  /** After a recording: the graph lets go of the arrays. */
  void clear() {
    for (GraphVertex vertex : order) {
      vertex.clear();
    }
    network.clearLayerMaskArrays();
  }
}
