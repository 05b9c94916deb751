package org.descry.layer;

import java.util.Arrays;
import java.util.Map;
import org.descry.engine.Memory;

/**
 * Keeps DL4J from asking for parameters that no machine holds, which would end the JVM, or that
 * have no size.
 */
final class ParameterMemory {
  /** Single precision; twice as many bytes are found out by who makes the whole network. */
  private static final int BYTES = Float.BYTES;

  private ParameterMemory() {}

  /**
   * @param layer that they belong to
   * @throws org.descry.MemoryException if they are larger than {@link Memory#limit}
   */
  static void require(String layer, Map<String, long[]> shapes) {
    long bytes = 0;
    for (long[] shape : shapes.values()) {
      bytes = Memory.sum(bytes, Memory.product(Memory.product(shape), BYTES));
    }
    long limit = Memory.limit();
    if (bytes > limit) {
      throw Memory.tooLarge("Layer " + layer + " with its parameters alone", bytes, limit);
    }
  }

  /**
   * Requires that a layer's fixed parameters are there and the input's size is known.
   *
   * @throws IllegalArgumentException if not
   */
  static void requireSizes(ExplicitLayer layer) {
    String named = "%s \"%s\"".formatted(layer.getClass().getSimpleName(), layer.getLayerName());
    Map<String, long[]> shapes = layer.getLayerParams().getParamShapes();
    if (!shapes.keySet().containsAll(layer.fixed())) {
      throw new IllegalArgumentException(
          "%s: expected fixed parameters among %s, got %s"
              .formatted(named, shapes.keySet(), layer.fixed()));
    }
    shapes.forEach(
        (param, shape) -> {
          if (Arrays.stream(shape).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                "%s: expected the network's input types to be set, got %s of shape %s"
                    .formatted(named, param, Arrays.toString(shape)));
          }
        });
  }
}
