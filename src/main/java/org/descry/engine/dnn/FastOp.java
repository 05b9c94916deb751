package org.descry.engine.dnn;

import java.util.Map;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An operation of ND4J's that oneDNN does faster when it is called directly. Not thread-safe. */
public abstract class FastOp {
  private static final int TANH = 0x21;
  private static final int LOGISTIC = 0x29;
  private static final int ADD = 0x1fff0;
  private static final int MULTIPLY = 0x1fff1;
  private static final int SUBTRACT = 0x1fff5;

  // The rectifier is not among them: oneDNN's answers 0 for NaN, which would hide a network that
  // has diverged.
  private static final Map<String, Integer> ELEMENTWISE = Map.of("tanh", TANH, "sigmoid", LOGISTIC);
  private static final Map<String, Integer> BINARY =
      Map.of("add", ADD, "multiply", MULTIPLY, "subtract", SUBTRACT, "biasadd", ADD);

  private final Variants<Primitive> variants = new Variants<>();
  private INDArray[] arrays = new INDArray[0];

  /** A field, since a call allocates nothing. */
  private final Supplier<Primitive> maker = this::make;

  /**
   * @param name the operation's name in libnd4j
   * @param integers its integer arguments, in libnd4j's order
   * @param reals its floating-point arguments
   * @return null where oneDNN has no such operation
   */
  public static FastOp of(String name, long[] integers, double[] reals) {
    if (name.equals("matmul")) {
      double alpha = reals.length > 0 ? reals[0] : 1;
      double beta = reals.length > 1 ? reals[1] : 0;
      boolean usual = alpha == 1 && (integers.length < 3 || integers[2] == 0);
      return usual ? new Product(integers[0] == 1, integers[1] == 1, (float) beta) : null;
    }
    if (name.equals("softmax")) {
      return new Softmax((int) integers[0]);
    }
    if (name.equals("transpose")) {
      return new Transpose();
    }
    Integer elementwise = ELEMENTWISE.get(name);
    if (elementwise != null) {
      return new Elementwise(elementwise);
    }
    Integer binary = BINARY.get(name);
    return binary == null ? null : new Binary(binary);
  }

  /**
   * Does the operation, if oneDNN has something fast for these arrays.
   *
   * @return whether it did
   */
  public final boolean run(INDArray[] in, INDArray[] out) {
    if (arrays.length != in.length + out.length) {
      arrays = new INDArray[in.length + out.length];
    }
    System.arraycopy(in, 0, arrays, 0, in.length);
    System.arraycopy(out, 0, arrays, in.length, out.length);
    Primitive primitive = variants.get(maker, arrays);
    if (primitive == null) {
      return false;
    }
    for (int i = 0; i < arrays.length; i++) {
      primitive.set(i, arrays[i]);
    }
    primitive.run();
    return true;
  }

  private Primitive make() {
    try (Descs descs = new Descs()) {
      return make(arrays, descs);
    }
  }

  /**
   * @param arrays the inputs, then the outputs
   * @throws DnnException where oneDNN has nothing for them
   */
  abstract Primitive make(INDArray[] arrays, Descs descs);
}
