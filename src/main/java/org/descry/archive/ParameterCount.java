package org.descry.archive;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;

/**
 * How many numbers a configuration asks for, found before room is made for any.
 *
 * @param parameters of the network
 * @param state of its updater
 */
record ParameterCount(long parameters, long state) {
  private static final ParameterCount NONE = new ParameterCount(0, 0);

  /** The most numbers that one array of a zip can hold. */
  private static final long MOST = Integer.MAX_VALUE;

  /**
   * @throws IllegalArgumentException if a vertex has parameters of a shape that its settings do not
   *     ask for
   * @throws ArithmeticException if there are more than a long can count
   */
  static ParameterCount of(ComputationGraphConfiguration network) {
    ParameterCount count = NONE;
    for (Map.Entry<String, GraphVertex> vertex : network.getVertices().entrySet()) {
      count = count.plus(of(vertex.getKey(), vertex.getValue()));
    }
    return count;
  }

  private ParameterCount plus(ParameterCount other) {
    return new ParameterCount(
        Math.addExact(parameters, other.parameters), Math.addExact(state, other.state));
  }

  private static ParameterCount of(String name, GraphVertex vertex) {
    if (vertex instanceof SameDiffVertex ours) {
      return of(name, ours.getVertexParams(), ours::defineParametersAndInputs, ours);
    }
    Layer conf = vertex instanceof LayerVertex layer ? layer.getLayerConf().getLayer() : null;
    if (conf instanceof FrozenLayer frozen) {
      return new ParameterCount(of(name, frozen.getLayer()).parameters, 0);
    }
    return of(name, conf);
  }

  private static ParameterCount of(String name, Layer layer) {
    if (layer instanceof AbstractSameDiffLayer ours) {
      return of(name, ours.getLayerParams(), ours::defineParameters, ours);
    }
    if (layer instanceof Bidirectional both) {
      return of(name, both.getFwd()).plus(of(name, both.getBwd()));
    }
    if (layer instanceof FeedForwardLayer stock) {
      requireCountable(name, stock);
    }
    if (!(layer instanceof BaseLayer)) {
      return NONE;
    }
    // A stock network is exported without its updater's state.
    return new ParameterCount(layer.initializer().numParams(layer), 0);
  }

  private static void requireCountable(String name, FeedForwardLayer layer) {
    long weights = Math.multiplyExact(layer.getNIn(), layer.getNOut());
    if (layer instanceof ConvolutionLayer convolution) {
      for (int size : convolution.getKernelSize()) {
        weights = Math.multiplyExact(weights, (long) size);
      }
    }
    if (weights < 0 || weights > MOST) {
      throw new IllegalArgumentException(
          "%s has %s weights, expected 0 to %s".formatted(Refusal.quoted(name), weights, MOST));
    }
  }

  private static ParameterCount of(
      String name, SDLayerParams found, Consumer<SDLayerParams> define, AbstractSameDiffLayer of) {
    SDLayerParams asked = new SDLayerParams();
    define.accept(asked);
    return of(name, found, asked, of);
  }

  private static ParameterCount of(
      String name, SDVertexParams found, Consumer<SDVertexParams> define, SameDiffVertex of) {
    SDVertexParams asked = new SDVertexParams();
    define.accept(asked);
    return of(name, found, asked, of);
  }

  private static ParameterCount of(
      String name, SDLayerParams found, SDLayerParams asked, TrainingConfig settings) {
    if (!found.getParameterKeys().equals(asked.getParameterKeys())) {
      throw new IllegalArgumentException(
          "%s has the parameters %s, expected %s"
              .formatted(Refusal.quoted(name), found.getParameterKeys(), asked.getParameterKeys()));
    }
    ParameterCount count = NONE;
    for (Map.Entry<String, long[]> param : asked.getParamShapes().entrySet()) {
      long[] shape = found.getParamShapes().get(param.getKey());
      if (!Arrays.equals(shape, param.getValue()) || Arrays.stream(shape).anyMatch(n -> n < 1)) {
        throw new IllegalArgumentException(
            "%s has %s of %s, expected %s"
                .formatted(
                    Refusal.quoted(name),
                    param.getKey(),
                    Arrays.toString(shape),
                    Arrays.toString(param.getValue())));
      }
      long values = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      count =
          count.plus(
              new ParameterCount(
                  values, settings.getUpdaterByParam(param.getKey()).stateSize(values)));
    }
    return count;
  }
}
