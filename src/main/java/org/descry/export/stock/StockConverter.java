package org.descry.export.stock;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How one of Descry's layers or vertices is made of DL4J's own.
 *
 * @param <L> the class of its configuration
 */
@FunctionalInterface
interface StockConverter<L> {
  /**
   * A layer or vertex of the network that is exported.
   *
   * @param name in its network
   * @param params its parameters, by name
   */
  record Original<L>(String name, L layer, Map<String, INDArray> params) {}

  /**
   * Adds the counterpart.
   *
   * @param input the name of what the counterpart reads
   * @return the name of the vertex whose output is the original's
   */
  String add(StockGraph graph, Original<L> original, String input);
}
