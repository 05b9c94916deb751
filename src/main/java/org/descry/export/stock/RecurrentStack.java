package org.descry.export.stock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.descry.DescryException;
import org.descry.export.stock.StockConverter.Original;
import org.descry.kernel.RnnCell;
import org.descry.layer.RnnVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A recurrent vertex of one direction, layer by layer.
 *
 * @param counterpart what stands for its cells
 * @param states S, the number of arrays in a cell's state
 */
record RecurrentStack(
    RecurrentConverter counterpart, int states, List<RecurrentConverter.Cell> cells) {
  private static final Map<RnnCell, RecurrentConverter> CONVERTERS =
      Map.of(RnnCell.VANILLA, new VanillaConverter(), RnnCell.LSTM, new LstmConverter());

  /**
   * @throws DescryException if the stack reads in both directions
   */
  static RecurrentStack of(Original<RnnVertex> original) {
    RnnVertex vertex = original.layer();
    RecurrentConverter counterpart = CONVERTERS.get(vertex.cell());
    if (vertex.bidirectional() || counterpart == null) {
      throw StockConverters.noCounterpart(original.name(), vertex);
    }
    List<RecurrentConverter.Cell> cells = new ArrayList<>();
    Map<String, INDArray> params = original.params();
    for (int i = 0; params.containsKey("Wx" + i); i++) {
      String name = i == 0 ? original.name() : original.name() + (i + 1);
      cells.add(
          new RecurrentConverter.Cell(
              name, params.get("Wx" + i), params.get("Wh" + i), params.get("b" + i)));
    }
    return new RecurrentStack(counterpart, vertex.cell().states(), cells);
  }
}
