package org.descry.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.layer.AffineBatchNormReluLayer;
import org.descry.layer.AffineBlockLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.BatchNormLayer;
import org.descry.layer.ConvBatchNormReluLayer;
import org.descry.layer.ConvBatchNormReluPoolLayer;
import org.descry.layer.ConvBlockLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.DropoutLayer;
import org.descry.layer.OneHotLayer;
import org.descry.layer.ReluLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.SigmoidLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.SvmLossLayer;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.WordEmbeddingLayer;

/** The twins of Descry's layers and vertices. */
final class StockTwins {
  private static final Map<Class<?>, StockTwin<?>> TWINS =
      Map.ofEntries(
          twin(ConvReluLayer.class, ConvolutionTwins::convRelu),
          twin(ConvReluPoolLayer.class, ConvolutionTwins::convReluPool),
          twin(ConvBatchNormReluLayer.class, ConvolutionTwins::convNormRelu),
          twin(ConvBatchNormReluPoolLayer.class, ConvolutionTwins::convNormReluPool),
          twin(ConvBlockLayer.class, ConvolutionTwins::block),
          twin(AffineBlockLayer.class, AffineTwins::block),
          twin(AffineLayer.class, AffineTwins::affine),
          twin(AffineReluLayer.class, AffineTwins::affineRelu),
          twin(AffineBatchNormReluLayer.class, AffineTwins::affineNormRelu),
          twin(BatchNormLayer.class, NormalizationTwins::batchNorm),
          twin(DropoutLayer.class, ElementwiseTwins::dropout),
          twin(ReluLayer.class, ElementwiseTwins::relu),
          twin(SigmoidLayer.class, ElementwiseTwins::sigmoid),
          twin(SoftmaxLossLayer.class, LossTwins::softmax),
          twin(SvmLossLayer.class, LossTwins::svm),
          twin(OneHotLayer.class, SequenceTwins::oneHot),
          twin(WordEmbeddingLayer.class, SequenceTwins::embedding),
          twin(RnnVertex.class, SequenceTwins::rnn),
          twin(TemporalAffineLayer.class, AffineTwins::temporalAffine),
          twin(TemporalSoftmaxLossLayer.class, LossTwins::temporalSoftmax));

  private StockTwins() {}

  private static <L> Map.Entry<Class<?>, StockTwin<?>> twin(Class<L> type, StockTwin<L> twin) {
    return Map.entry(type, twin);
  }

  /**
   * Adds the twins of a vertex and of all that it stands on, down to an input. Vertices of DL4J
   * without parameters, such as a sum, are taken over; a recurrent vertex follows its sequence.
   *
   * @param first the name of the network's input that stands below
   * @param last the name of the vertex
   * @param input what stands for that input
   * @return the name of the vertex whose output is the last one's
   * @throws DescryException if one has no twin, or stands on another input
   */
  static String addBelow(
      StockGraph graph, ComputationGraph network, String first, String last, String input) {
    Map<String, String> added = new HashMap<>(Map.of(first, input));
    return addBelow(graph, network, last, added);
  }

  private static String addBelow(
      StockGraph graph, ComputationGraph network, String name, Map<String, String> added) {
    String known = added.get(name);
    if (known != null) {
      return known;
    }
    List<String> inputs = network.getConfiguration().getVertexInputs().get(name);
    Object vertex = inputs == null ? null : configuration(network, name);
    if (vertex == null) {
      throw new UsageException(
          "The network's input \"%s\" has no place in the format %s; expected a network without it."
              .formatted(name, Format.DL4J_STOCK));
    }
    String twin;
    if (isPlain(vertex)) {
      String[] below =
          inputs.stream()
              .map(input -> addBelow(graph, network, input, added))
              .toArray(String[]::new);
      twin = graph.vertex(name, ((GraphVertex) vertex).clone(), below);
    } else {
      twin = add(graph, network, name, addBelow(graph, network, inputs.get(0), added));
    }
    added.put(name, twin);
    return twin;
  }

  /** Whether it is one of DL4J's own vertices, without parameters. */
  private static boolean isPlain(Object vertex) {
    return vertex instanceof GraphVertex plain
        && !(vertex instanceof SameDiffVertex)
        && plain.numParams(false) == 0;
  }

  /**
   * Adds the twin of one vertex.
   *
   * @throws DescryException if it has none
   */
  static String add(StockGraph graph, ComputationGraph network, String name, String input) {
    Object layer = configuration(network, name);
    return cast(TWINS.getOrDefault(layer.getClass(), StockTwins::none))
        .add(graph, original(network, name, layer), input);
  }

  /**
   * A vertex with its parameters.
   *
   * @throws DescryException if it is of another class
   */
  static <L> StockTwin.Original<L> original(ComputationGraph network, String name, Class<L> type) {
    Object layer = configuration(network, name);
    if (!type.isInstance(layer)) {
      throw noTwin(name, layer);
    }
    return original(network, name, type.cast(layer));
  }

  private static <L> StockTwin.Original<L> original(
      ComputationGraph network, String name, L layer) {
    return new StockTwin.Original<>(name, layer, network.getVertex(name).paramTable(false));
  }

  /** The layer's or the vertex's own configuration. */
  private static Object configuration(ComputationGraph network, String name) {
    GraphVertex vertex = network.getConfiguration().getVertices().get(name);
    return vertex instanceof LayerVertex layer
        ? Layers.unwrapped(layer.getLayerConf().getLayer())
        : vertex;
  }

  @SuppressWarnings("unchecked") // the map holds each class's own
  private static StockTwin<Object> cast(StockTwin<?> twin) {
    return (StockTwin<Object>) twin;
  }

  private static String none(StockGraph graph, StockTwin.Original<Object> original, String input) {
    throw noTwin(original.name(), original.layer());
  }

  static DescryException noTwin(String name, Object layer) {
    return new UsageException(
        "The layer \"%s\" (%s) has no twin among DL4J's built-in layers; expected a network without it, or --format %s."
            .formatted(name, layer.getClass().getName(), Format.DL4J));
  }
}
