package org.descry.engine.dnn;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One pass over float32 vectors of one length, made once for their places in memory: operations on
 * the elements of a source, one after the other, each rounded by itself. An operand is another
 * vector, or a number: an array of one element, whose value may change between runs. Vectors have
 * no gaps; the result may be any of them. Not thread-safe.
 */
public final class VectorPass {
  private static final Function SQUARE = new Function(0x23, 0, 0);
  private static final Function ROOT = new Function(0x25, 0, 0);

  private final Primitive primitive;
  private final INDArray[] arrays;

  private VectorPass(Primitive primitive, INDArray[] arrays) {
    this.primitive = primitive;
    this.arrays = arrays;
    for (int i = 0; i < arrays.length; i++) {
      primitive.set(i, arrays[i]);
    }
  }

  /** Whether there can be passes over such arrays. */
  public static boolean possible(INDArray array) {
    return Dnn.on() && array.dataType() == DataType.FLOAT;
  }

  /** Begins with the product of a vector and an operand. */
  public static Operations product(INDArray source, INDArray operand) {
    return new Operations(Binary.MULTIPLY, source, operand);
  }

  /** Begins with the quotient of a vector and an operand. */
  public static Operations quotient(INDArray source, INDArray operand) {
    return new Operations(Binary.DIVIDE, source, operand);
  }

  /** Begins with a vector less an operand. */
  public static Operations difference(INDArray source, INDArray operand) {
    return new Operations(Binary.SUBTRACT, source, operand);
  }

  /** Does it on what the arrays hold now. */
  public void run() {
    primitive.run();
    Reference.reachabilityFence(arrays);
  }

  /** What a pass does, in its order. */
  public static final class Operations {
    private final int first;
    private final List<INDArray> arrays = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    private interface Step {
      void append(Attributes attributes, Descs descs);
    }

    private Operations(int first, INDArray source, INDArray operand) {
      this.first = first;
      arrays.add(source);
      arrays.add(operand);
    }

    public Operations times(INDArray operand) {
      return join(Binary.MULTIPLY, operand);
    }

    public Operations dividedBy(INDArray operand) {
      return join(Binary.DIVIDE, operand);
    }

    public Operations plus(INDArray operand) {
      return join(Binary.ADD, operand);
    }

    public Operations squared() {
      steps.add((attributes, descs) -> attributes.apply(SQUARE));
      return this;
    }

    public Operations root() {
      steps.add((attributes, descs) -> attributes.apply(ROOT));
      return this;
    }

    private Operations join(int algorithm, INDArray operand) {
      arrays.add(operand);
      steps.add((attributes, descs) -> attributes.join(algorithm, layout(operand, descs)));
      return this;
    }

    /** The pass that writes its result. */
    public VectorPass into(INDArray out) {
      return make(out);
    }

    /** The pass that adds a share of what was there: {@code share out + result}, rounded once. */
    public VectorPass addTo(INDArray out, float share) {
      steps.add((attributes, descs) -> attributes.sum(share));
      return make(out);
    }

    private VectorPass make(INDArray out) {
      arrays.add(out);
      try (Descs descs = new Descs(FastOp.PER_ELEMENT * out.length());
          Attributes attributes = new Attributes()) {
        long vector = layout(out, descs);
        long operand = layout(arrays.get(1), descs);
        steps.forEach(step -> step.append(attributes, descs));
        return new VectorPass(
            Binary.call(first, vector, operand, attributes, descs),
            arrays.toArray(new INDArray[0]));
      }
    }

    private static long layout(INDArray array, Descs descs) {
      return descs.rowMajor(1, array.length());
    }
  }
}
