package org.descry.train.checkpoint;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A training at one moment.
 *
 * @param state all but the arrays
 * @param arrays by the names below; those of a training that has none of a kind are absent
 */
public record Checkpoint(TrainingState state, Map<String, INDArray> arrays) {
  /** The network's parameters, running averages of batch norm among them. */
  public static final String PARAMETERS = "parameters";

  /** The updater's state, such as Adam's moments. */
  public static final String UPDATER = "updater";

  /** The moving average of the parameters. */
  public static final String AVERAGE = "average";

  /** What a running text carries from step to step. */
  public static final String CARRIED = "carried";

  public Checkpoint {
    arrays = Map.copyOf(arrays);
  }
}
