package org.descry.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The memory of the activations and their gradients, which the plans of one network share: the plan
 * for a last, smaller batch lies where the one for whole batches does. It is not freed as long as a
 * plan stands in it.
 */
final class PlanMemory extends LayerWorkspaceMgr {
  private final List<Slot> slots = new ArrayList<>();
  private long values;

  /** A stretch of memory, which a plan uses for one array after another. */
  private static final class Slot {
    final INDArray memory;
    boolean used;

    Slot(INDArray memory) {
      this.memory = memory;
    }
  }

  PlanMemory() {
    super(EnumSet.allOf(ArrayType.class), Map.of(), Map.of());
  }

  /** Before a plan is recorded: all of it is free. */
  void startOver() {
    slots.forEach(slot -> slot.used = false);
    values = 0;
  }

  /** How many numbers the arrays hold that the plan has made so far. */
  long values() {
    return values;
  }

  /** What the rest of the plan does not read is free for its next arrays. */
  void release(INDArray array) {
    for (Slot slot : slots) {
      if (slot.memory.data() == array.data()) {
        slot.used = false;
      }
    }
  }

  @Override
  public INDArray create(ArrayType kind, DataType type, long[] shape, char order) {
    return createUninitialized(kind, type, shape, order).assign(0);
  }

  @Override
  public INDArray createUninitialized(ArrayType kind, DataType type, long[] shape, char order) {
    INDArray memory = take(type, Arrays.stream(shape).reduce(1, (a, b) -> a * b));
    return Nd4j.create(memory.data(), shape, Nd4j.getStrides(shape, order), 0, order, type);
  }

  private INDArray take(DataType type, long length) {
    values += type.isFPType() ? length : 0;
    Slot slot =
        slots.stream()
            .filter(s -> !s.used && s.memory.dataType() == type && s.memory.length() >= length)
            .min(Comparator.comparingLong(s -> s.memory.length()))
            .orElse(null);
    if (slot == null) {
      slot = new Slot(Allocator.DETACHED.create(type, length));
      slots.add(slot);
    }
    slot.used = true;
    return slot.memory;
  }
}
