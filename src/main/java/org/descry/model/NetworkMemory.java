package org.descry.model;

import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.descry.MemoryException;
import org.descry.engine.Memory;
import org.descry.engine.dnn.Precision;
import org.descry.kernel.Conv2d;
import org.descry.layer.AbstractConvLayer;
import org.descry.layer.AbstractConvPoolLayer;
import org.descry.layer.AbstractRnnVertex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * What the training of a network needs at least, counted from its configuration before anything of
 * it is made: parameters, their gradients and the updater's state, and what each layer keeps of a
 * batch for the backward pass. Also its model file, which is put together on Java's heap.
 */
public final class NetworkMemory {
  /** Copies of the model file's content that are there while it is written, at least. */
  private static final double COPIES_OF_FILE = 2.5;

  private final ComputationGraphConfiguration configuration;
  private final long rows;
  private final long width;
  private final long limit;
  private final Precision precision;
  private long total;
  private long saved;

  private NetworkMemory(
      ComputationGraphConfiguration configuration, long rows, Precision precision, long limit) {
    this.configuration = configuration;
    this.precision = precision;
    this.rows = rows;
    this.limit = limit;
    this.width = configuration.getDataType().width();
  }

  /**
   * Makes sure that a network can be trained and saved.
   *
   * @param rows of a batch
   * @param precision of its steps
   * @param inputs as the configuration was made for
   * @throws MemoryException that names the layer, if it or the whole needs more than {@link
   *     Memory#limit}, or if the model file is too large to be written
   */
  public static void require(
      ComputationGraphConfiguration configuration,
      long rows,
      Precision precision,
      InputType... inputs) {
    NetworkMemory memory = new NetworkMemory(configuration, rows, precision, Memory.limit());
    memory.count(inputs);
    memory.check();
  }

  /**
   * What a step of training needs at least, in bytes.
   *
   * @param rows of a batch
   * @param precision of its steps
   * @param inputs as the configuration was made for
   */
  public static long ofStep(
      ComputationGraphConfiguration configuration,
      long rows,
      Precision precision,
      InputType... inputs) {
    NetworkMemory memory = new NetworkMemory(configuration, rows, precision, Long.MAX_VALUE);
    memory.count(inputs);
    return memory.total;
  }

  private void count(InputType... inputs) {
    for (InputType input : inputs) {
      add(
          String.format(Locale.ROOT, "A batch of %,d inputs", rows),
          Memory.product(rows, elements(input), width));
    }
    Map<String, InputType> outputs = configuration.getLayerActivationTypes(false, inputs);
    configuration
        .getVertices()
        .forEach(
            (name, vertex) -> {
              long parameters = parameters(vertex);
              add(
                  "Layer %s with its %s parameters, their gradients and the updater's state"
                      .formatted(name, count(parameters)),
                  Memory.product(parameters, width, copies(vertex)));
              saved = Memory.sum(saved, Memory.product(parameters, width, kept(vertex)));
              long kept =
                  Memory.sum(elements(outputs.get(name)), inside(name, vertex, inputs, outputs));
              add(
                  String.format(
                      Locale.ROOT, "Layer %s with what it keeps of a batch of %,d", name, rows),
                  Memory.product(kept, rows, width));
              add(
                  String.format(
                      Locale.ROOT, "Layer %s with what it rounds of a batch of %,d", name, rows),
                  Memory.product(rounded(name, vertex, inputs, outputs), rows));
            });
  }

  private void check() {
    requireFile();
    if (total > limit) {
      throw Memory.tooLarge(
          String.format(Locale.ROOT, "The network with a batch of %,d", rows), total, limit);
    }
  }

  private void requireFile() {
    long heap = Runtime.getRuntime().maxMemory();
    double most = Math.min(Integer.MAX_VALUE, heap / COPIES_OF_FILE);
    if (saved > most) {
      throw new MemoryException(
          "The model file, parameters and updater's state, would have %s; expected at most %s with a Java heap of %s (-Xmx; 2.1 GB in any case): a smaller model."
              .formatted(Memory.words(saved), Memory.words((long) most), Memory.words(heap)));
    }
  }

  private void add(String what, long bytes) {
    if (bytes > limit) {
      throw Memory.tooLarge(what, bytes, limit);
    }
    total = Memory.sum(total, bytes);
  }

  private static String count(long parameters) {
    return parameters == Long.MAX_VALUE
        ? "more than 10^18"
        : String.format(Locale.ROOT, "%,d", parameters);
  }

  private static long parameters(GraphVertex vertex) {
    if (vertex instanceof LayerVertex layer) {
      Layer plain = unfrozen(layer);
      return plain instanceof SameDiffLayer own
          ? total(own.getLayerParams().getParamShapes())
          : plain.initializer().numParams(plain);
    }
    return vertex instanceof AbstractRnnVertex rnn
        ? total(rnn.getVertexParams().getParamShapes())
        : vertex.numParams(true);
  }

  private static long total(Map<String, long[]> shapes) {
    return shapes.values().stream().map(Memory::product).reduce(0L, Memory::sum);
  }

  private static Layer unfrozen(LayerVertex vertex) {
    return NetworkLayers.unwrapped(vertex.getLayerConf().getLayer());
  }

  /** How often the parameters are in the model file: themselves and the updater's state. */
  private static long kept(GraphVertex vertex) {
    return Math.max(1, copies(vertex) - 1);
  }

  /** How often the parameters are there: themselves, their gradients, the updater's state. */
  private static long copies(GraphVertex vertex) {
    IUpdater updater = null;
    if (vertex instanceof LayerVertex layer) {
      if (layer.getLayerConf().getLayer() instanceof FrozenLayer) {
        return 1;
      }
      Layer plain = unfrozen(layer);
      if (plain instanceof SameDiffLayer own) {
        updater = own.getUpdater();
      } else if (plain instanceof BaseLayer base) {
        updater = base.getIUpdater();
      }
    } else if (vertex instanceof AbstractRnnVertex rnn) {
      updater = rnn.getUpdater();
    }
    return updater == null ? 2 : 2 + updater.stateSize(1);
  }

  /** Bytes of an example that a layer rounds its images into. */
  private long rounded(
      String name, GraphVertex vertex, InputType[] inputs, Map<String, InputType> outputs) {
    return precision == Precision.BFLOAT16
            && vertex instanceof LayerVertex layer
            && unfrozen(layer) instanceof AbstractConvLayer conv
            && NetworkLayers.input(configuration, name, inputs, outputs)
                instanceof InputType.InputTypeConvolutional in
        ? Conv2d.roundedBytes(
            conv.window(), in.getChannels(), in.getHeight(), in.getWidth(), conv.filters())
        : 0;
  }

  /** Values of an example that a layer keeps beside its output. */
  private long inside(
      String name, GraphVertex vertex, InputType[] inputs, Map<String, InputType> outputs) {
    if (vertex instanceof LayerVertex layer
        && unfrozen(layer) instanceof AbstractConvPoolLayer conv
        && conv.poolWindow() != null
        && NetworkLayers.input(configuration, name, inputs, outputs)
            instanceof InputType.InputTypeConvolutional in) {
      return Memory.product(
          conv.filters(),
          conv.window().outHeight(in.getHeight()),
          conv.window().outWidth(in.getWidth()));
    }
    if (vertex instanceof AbstractRnnVertex rnn
        && outputs.get(name) instanceof InputType.InputTypeRecurrent out) {
      return rnn.kept(out.getTimeSeriesLength());
    }
    return 0;
  }

  private static long elements(InputType type) {
    if (type instanceof InputType.InputTypeConvolutional image) {
      return Memory.product(image.getChannels(), image.getHeight(), image.getWidth());
    }
    if (type instanceof InputType.InputTypeRecurrent sequence) {
      return Memory.product(sequence.getSize(), Math.max(1, sequence.getTimeSeriesLength()));
    }
    return type == null ? 0 : Math.max(0, type.arrayElementsPerExample());
  }
}
