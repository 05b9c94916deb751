package org.descry.export;

import java.util.Map;
import org.descry.DescryException;
import org.descry.export.StockTwin.Original;
import org.descry.layer.RnnVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The parameters of a recurrent stack of one direction, layer by layer. */
final class RecurrentCells {
  private final Map<String, INDArray> params;

  private RecurrentCells(Map<String, INDArray> params) {
    this.params = params;
  }

  /**
   * @throws DescryException if the stack reads in both directions
   */
  static RecurrentCells of(Original<RnnVertex> original) {
    if (original.layer().bidirectional()) {
      throw new DescryException(
          "The layer \"%s\" (%s) reads in both directions, which has no twin among DL4J's built-in layers here; expected one direction, or --format %s."
              .formatted(original.name(), original.layer().getClass().getName(), Format.DL4J));
    }
    return new RecurrentCells(original.params());
  }

  /** The name of a layer's twin: the stack's for the first, numbered for the others. */
  static String name(String stack, int layer) {
    return layer == 0 ? stack : stack + (layer + 1);
  }

  /** L. */
  int count() {
    return params.size() / 3;
  }

  /** H. */
  int hidden() {
    return (int) recurrentWeights(0).size(0);
  }

  /** D x H, of upper layers H x H. */
  INDArray inputWeights(int layer) {
    return params.get("Wx" + layer);
  }

  /** H x H. */
  INDArray recurrentWeights(int layer) {
    return params.get("Wh" + layer);
  }

  /** H. */
  INDArray bias(int layer) {
    return params.get("b" + layer);
  }
}
