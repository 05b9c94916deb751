package org.descry.layer;

import java.util.Map;
import org.descry.engine.Memory;

/** Keeps DL4J from asking for parameters that no machine holds: it would end the JVM. */
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
}
