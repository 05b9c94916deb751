package org.descry.layer;

import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays in the network's own type, as DL4J's own layers take data of any type: what has it passes
 * through, anything else is copied into a buffer. So data are converted once, where they enter the
 * network.
 */
final class TypeConversion {
  private final DataType type;
  private final Scratch converted = new Scratch();

  TypeConversion(DataType type) {
    this.type = type;
  }

  /**
   * @param array of any type, or null
   * @return the array itself, a copy that holds until the next call with this shape, or null
   */
  INDArray of(INDArray array) {
    return array == null || array.dataType() == type
        ? array
        : converted.get(type, array.shape()).assign(array);
  }
}
