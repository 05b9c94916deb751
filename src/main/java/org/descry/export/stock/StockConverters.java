package org.descry.export.stock;

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
import org.descry.layer.GlobalAveragePoolLayer;
import org.descry.layer.IdentityShortcutLayer;
import org.descry.layer.LastStepLayer;
import org.descry.layer.LayerNormLayer;
import org.descry.layer.OneHotLayer;
import org.descry.layer.ReluLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.ScaleLayer;
import org.descry.layer.SigmoidLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.SvmLossLayer;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalBiasLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.TiedRnnVertex;
import org.descry.layer.WordEmbeddingLayer;
import org.descry.model.NetworkLayers;

/** The counterparts of Descry's layers and vertices. */
public final class StockConverters {
  private static final Map<Class<?>, StockConverter<?>> CONVERTERS =
      Map.ofEntries(
          counterpart(ConvReluLayer.class, ConvolutionConverters::convRelu),
          counterpart(ConvReluPoolLayer.class, ConvolutionConverters::convReluPool),
          counterpart(ConvBatchNormReluLayer.class, ConvolutionConverters::convNormRelu),
          counterpart(ConvBatchNormReluPoolLayer.class, ConvolutionConverters::convNormReluPool),
          counterpart(ConvBlockLayer.class, ConvolutionConverters::block),
          counterpart(AffineBlockLayer.class, AffineConverters::block),
          counterpart(AffineLayer.class, AffineConverters::affine),
          counterpart(AffineReluLayer.class, AffineConverters::affineRelu),
          counterpart(AffineBatchNormReluLayer.class, AffineConverters::affineNormRelu),
          counterpart(BatchNormLayer.class, NormalizationConverters::batchNorm),
          counterpart(LayerNormLayer.class, NormalizationConverters::layerNorm),
          counterpart(TiedRnnVertex.class, SequenceConverters::tied),
          counterpart(TemporalBiasLayer.class, SequenceConverters::bias),
          counterpart(DropoutLayer.class, ElementwiseConverters::dropout),
          counterpart(ReluLayer.class, ElementwiseConverters::relu),
          counterpart(SigmoidLayer.class, ElementwiseConverters::sigmoid),
          counterpart(ScaleLayer.class, ElementwiseConverters::scale),
          counterpart(GlobalAveragePoolLayer.class, ConvolutionConverters::globalAverage),
          counterpart(IdentityShortcutLayer.class, ConvolutionConverters::shortcut),
          counterpart(SoftmaxLossLayer.class, LossConverters::softmax),
          counterpart(SvmLossLayer.class, LossConverters::svm),
          counterpart(OneHotLayer.class, SequenceConverters::oneHot),
          counterpart(WordEmbeddingLayer.class, SequenceConverters::embedding),
          counterpart(RnnVertex.class, SequenceConverters::rnn),
          counterpart(LastStepLayer.class, SequenceConverters::lastStep),
          counterpart(TemporalAffineLayer.class, AffineConverters::temporalAffine),
          counterpart(TemporalSoftmaxLossLayer.class, LossConverters::temporalSoftmax));

  private StockConverters() {}

  private static <L> Map.Entry<Class<?>, StockConverter<?>> counterpart(
      Class<L> type, StockConverter<L> counterpart) {
    return Map.entry(type, counterpart);
  }

  /** Whether a class of layers or vertices has a counterpart. */
  public static boolean knows(Class<?> layer) {
    return CONVERTERS.containsKey(layer);
  }

  /**
   * Adds the counterparts of a vertex and of all that it stands on, down to an input. Vertices of
   * DL4J without parameters, such as a sum, are taken over; a recurrent vertex follows its
   * sequence.
   *
   * @param first the name of the network's input that stands below
   * @param last the name of the vertex
   * @param input what stands for that input
   * @return the name of the vertex whose output is the last one's
   * @throws DescryException if one has no counterpart, or stands on another input
   */
  public static String addBelow(
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
          "The network's input \"%s\" has no place in the format dl4j-stock; expected a network without it."
              .formatted(name));
    }
    String counterpart;
    if (isPlain(vertex)) {
      String[] below =
          inputs.stream()
              .map(input -> addBelow(graph, network, input, added))
              .toArray(String[]::new);
      counterpart = graph.vertex(name, ((GraphVertex) vertex).clone(), below);
    } else {
      counterpart = add(graph, network, name, addBelow(graph, network, inputs.get(0), added));
    }
    added.put(name, counterpart);
    return counterpart;
  }

  /** Whether it is one of DL4J's own vertices, without parameters. */
  private static boolean isPlain(Object vertex) {
    return vertex instanceof GraphVertex plain
        && !(vertex instanceof SameDiffVertex)
        && plain.numParams(false) == 0;
  }

  /**
   * Adds the counterpart of one vertex.
   *
   * @throws DescryException if it has none
   */
  static String add(StockGraph graph, ComputationGraph network, String name, String input) {
    Object layer = configuration(network, name);
    return cast(CONVERTERS.getOrDefault(layer.getClass(), StockConverters::none))
        .add(graph, original(network, name, layer), input);
  }

  /**
   * A vertex with its parameters.
   *
   * @throws DescryException if it is of another class
   */
  static <L> StockConverter.Original<L> original(
      ComputationGraph network, String name, Class<L> type) {
    Object layer = configuration(network, name);
    if (!type.isInstance(layer)) {
      throw noCounterpart(name, layer);
    }
    return original(network, name, type.cast(layer));
  }

  private static <L> StockConverter.Original<L> original(
      ComputationGraph network, String name, L layer) {
    return new StockConverter.Original<>(name, layer, network.getVertex(name).paramTable(false));
  }

  /** The layer's or the vertex's own configuration. */
  private static Object configuration(ComputationGraph network, String name) {
    GraphVertex vertex = network.getConfiguration().getVertices().get(name);
    return vertex instanceof LayerVertex layer
        ? NetworkLayers.unwrapped(layer.getLayerConf().getLayer())
        : vertex;
  }

  @SuppressWarnings("unchecked") // the map holds each class's own
  private static StockConverter<Object> cast(StockConverter<?> counterpart) {
    return (StockConverter<Object>) counterpart;
  }

  private static String none(
      StockGraph graph, StockConverter.Original<Object> original, String input) {
    throw noCounterpart(original.name(), original.layer());
  }

  static DescryException noCounterpart(String name, Object layer) {
    return new UsageException(
        "The layer \"%s\" (%s) has no counterpart among DL4J's built-in layers; expected a network without it, or --format dl4j."
            .formatted(name, layer.getClass().getName()));
  }
}
