package org.descry.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.descry.DescryException;
import org.descry.export.StockTwin.Original;
import org.descry.kernel.RnnCell;
import org.descry.layer.RnnVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A recurrent vertex of one direction, layer by layer.
 *
 * @param twin what stands for its cells
 * @param states S, the number of arrays in a cell's state
 */
record RecurrentStack(RecurrentTwin twin, int states, List<RecurrentTwin.Cell> cells) {
  private static final Map<RnnCell, RecurrentTwin> TWINS =
      Map.of(RnnCell.VANILLA, new VanillaTwin(), RnnCell.LSTM, new LstmTwin());

  /**
   * @throws DescryException if the stack reads in both directions
   */
  static RecurrentStack of(Original<RnnVertex> original) {
    RnnVertex vertex = original.layer();
    RecurrentTwin twin = TWINS.get(vertex.cell());
    if (vertex.bidirectional() || twin == null) {
      throw StockTwins.noTwin(original.name(), vertex);
    }
    List<RecurrentTwin.Cell> cells = new ArrayList<>();
    Map<String, INDArray> params = original.params();
    for (int i = 0; params.containsKey("Wx" + i); i++) {
      String name = i == 0 ? original.name() : original.name() + (i + 1);
      cells.add(
          new RecurrentTwin.Cell(
              name, params.get("Wx" + i), params.get("Wh" + i), params.get("b" + i)));
    }
    return new RecurrentStack(twin, vertex.cell().states(), cells);
  }
}
