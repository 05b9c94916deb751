package org.descry.export.stock;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How a recurrent cell is made of DL4J's own layers. */
interface RecurrentConverter {
  /**
   * One layer of a stack.
   *
   * @param name of its counterpart
   * @param wX D x (G H)
   * @param wH H x (G H)
   * @param b G H
   */
  record Cell(String name, INDArray wX, INDArray wH, INDArray b) {
    /** H. */
    long hidden() {
      return wH.size(0);
    }
  }

  /** A layer that reads sequences and begins with zeros. */
  BaseRecurrentLayer layer(Cell cell);

  /** Its parameters by DL4J's names, in DL4J's order of the gates. */
  Map<String, INDArray> parameters(Cell cell);

  /**
   * Adds one step.
   *
   * @param input N x D
   * @param before the names of the state's arrays, N x H each
   * @return the names of the next state's arrays, of which the first is the output
   */
  List<String> step(StockGraph graph, Cell cell, String input, List<String> before);
}
