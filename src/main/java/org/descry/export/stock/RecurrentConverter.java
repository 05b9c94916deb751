package org.descry.export.stock;

import java.util.List;
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

  /**
   * Adds a layer that reads sequences and begins with zeros.
   *
   * @return its name
   */
  String sequence(StockGraph graph, Cell cell, String input);

  /**
   * Adds one step.
   *
   * @param input N x D
   * @param before the names of the state's arrays, N x H each
   * @return the names of the next state's arrays, of which the first is the output
   */
  List<String> step(StockGraph graph, Cell cell, String input, List<String> before);
}
