package org.descry.replay;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of the activations and their gradients, which the plans of one network share: the
 * plan for a last, smaller batch lies where the one for whole batches does. It is not freed as long
 * as a plan stands in it.
 */
final class PlanMemory extends LayerWorkspaceMgr {
  private final List<INDArray> slots = new ArrayList<>();
  private int next;

  PlanMemory() {
    super(EnumSet.allOf(ArrayType.class), Map.of(), Map.of());
  }

  /** Before a plan is recorded. */
  void startOver() {
    next = 0;
  }

  @Override
  public INDArray create(ArrayType kind, DataType type, long[] shape, char order) {
    return createUninitialized(kind, type, shape, order).assign(0);
  }

  @Override
  public INDArray createUninitialized(ArrayType kind, DataType type, long[] shape, char order) {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    if (next == slots.size()) {
      slots.add(null);
    }
    INDArray slot = slots.get(next);
    if (slot == null || slot.dataType() != type || slot.length() < length) {
      slot = Allocator.DETACHED.create(type, length);
      slots.set(next, slot);
    }
    next++;
    return Nd4j.create(slot.data(), shape, Nd4j.getStrides(shape, order), 0, order, type);
  }
}
