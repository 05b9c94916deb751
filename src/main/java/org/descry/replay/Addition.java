package org.descry.replay;

import java.util.Arrays;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.descry.engine.NativeOp;
import org.descry.engine.dnn.Memories;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums of arrays in the order of DL4J's, to the same bits, but over memory that lies as the
 * operands do: DL4J's copies images into channels-first memory, which every convolution after it
 * has to turn again.
 */
final class Addition {
  private static final int IMAGES = 4;

  private final NativeOp add = new NativeOp("add");

  /** Whether all have one shape and type, so that nothing is repeated. */
  static boolean alike(INDArray... operands) {
    INDArray first = operands[0];
    return Arrays.stream(operands)
        .allMatch(one -> one.dataType() == first.dataType() && one.equalShapes(first));
  }

  /** The sum in memory of its own. */
  INDArray of(ArrayType kind, PlanMemory memory, INDArray... operands) {
    INDArray sum = likeFirst(kind, memory, operands[0]);
    add.in(operands[0], operands[1]).out(sum).run();
    for (int i = 2; i < operands.length; i++) {
      to(sum, operands[i]);
    }
    return sum;
  }

  /** Adds an array to a sum. */
  void to(INDArray sum, INDArray operand) {
    add.in(sum, operand).out(sum).run();
  }

  /** Images over channels-last memory, which is where their gradients lie, too. */
  INDArray channelsLast(INDArray gradient, PlanMemory memory) {
    if (gradient.rank() != IMAGES || Memories.channelsLast(gradient)) {
      return gradient;
    }
    return copied(gradient, images(ArrayType.ACTIVATION_GRAD, memory, gradient));
  }

  /** A copy that lies as the gradient does, since a layer may write over what it was handed. */
  static INDArray copy(INDArray gradient, PlanMemory memory) {
    return copied(gradient, likeFirst(ArrayType.ACTIVATION_GRAD, memory, gradient));
  }

  private static INDArray copied(INDArray from, INDArray to) {
    boolean images = from.rank() == IMAGES; // by rows of channels: one stretch of memory
    (images ? to.permute(0, 2, 3, 1) : to).assign(images ? from.permute(0, 2, 3, 1) : from);
    return to;
  }

  private static INDArray likeFirst(ArrayType kind, PlanMemory memory, INDArray first) {
    return first.rank() == IMAGES && Memories.channelsLast(first)
        ? images(kind, memory, first)
        : memory.createUninitialized(kind, first.dataType(), first.shape(), 'c');
  }

  private static INDArray images(ArrayType kind, PlanMemory memory, INDArray like) {
    long[] last = {like.size(0), like.size(2), like.size(3), like.size(1)};
    return memory.createUninitialized(kind, like.dataType(), last, 'c').permute(0, 3, 1, 2);
  }
}
