package org.descry.engine.dnn;

import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An operation of ND4J's that oneDNN does faster when it is called directly. Not thread-safe. */
public abstract class FastOp {
  /** What an element costs, in operations of a product. */
  static final long PER_ELEMENT = 64;

  private final Variants<Primitive> variants = new Variants<>();
  private INDArray[] arrays = new INDArray[0];

  /** A field, since a call allocates nothing. */
  private final Supplier<Primitive> maker = this::make;

  /**
   * @param name the operation's name in libnd4j
   * @param integers its integer arguments, in libnd4j's order
   * @param reals its floating-point arguments
   * @param then the operations that follow on its result, each on one more input if it takes two
   * @return null where oneDNN has no such operation
   */
  public static FastOp of(String name, long[] integers, double[] reals, List<String> then) {
    Chain chain = new Chain(then);
    if (!chain.known()) {
      return null;
    }
    if (name.equals("matmul")) {
      double alpha = reals.length > 0 ? reals[0] : 1;
      double beta = reals.length > 1 ? reals[1] : 0;
      boolean usual = alpha == 1 && (integers.length < 3 || integers[2] == 0);
      return usual ? new Product(integers[0] == 1, integers[1] == 1, (float) beta, chain) : null;
    }
    Integer joining = Chain.joining(name);
    if (joining != null) {
      return new Binary(joining, chain);
    }
    return then.isEmpty() ? of(name, integers, reals) : null;
  }

  private static FastOp of(String name, long[] integers, double[] reals) {
    if (name.equals("softmax")) {
      return new Softmax((int) integers[0]);
    }
    if (name.equals("transpose")) {
      return new Transpose();
    }
    Function function = Function.of(name);
    boolean shifted = reals.length > 0 && reals[0] != 0;
    return function == null || shifted ? null : new Elementwise(function);
  }

  /** Whether the operation of this name joins two arrays. */
  public static boolean joins(String name) {
    return Chain.joining(name) != null;
  }

  /** The exact GELU, whose gradient is made of its input and the result's gradient. */
  public static FastOp gelu(boolean gradient) {
    return elementwise(Function.EXACT_GELU, gradient);
  }

  /** SiLU, whose gradient is made of its input and the result's gradient. */
  public static FastOp silu(boolean gradient) {
    return elementwise(Function.SILU, gradient);
  }

  /** The leaky rectifier, whose gradient is made of its result and the result's gradient. */
  public static FastOp leakyRelu(double slope, boolean gradient) {
    return elementwise(Function.leaky((float) slope), gradient);
  }

  private static FastOp elementwise(Function function, boolean gradient) {
    return gradient ? new Elementwise.Gradient(function) : new Elementwise(function);
  }

  /**
   * The gradient of a function of elements: of its result and the result's gradient it makes the
   * input's gradient.
   *
   * @param name the function's name in libnd4j
   */
  public static FastOp gradientOf(String name) {
    return new Elementwise.Gradient(Function.of(name));
  }

  /**
   * Batch normalisation in training: of x, gamma and beta it makes the batch's mean, its biased
   * variance and the result.
   */
  public static FastOp batchNorm(double epsilon) {
    return new BatchNormalization(epsilon);
  }

  /**
   * Its gradient: of x, mean, variance, gamma and the result's gradient it makes those of gamma,
   * beta and x.
   */
  public static FastOp batchNormGradient(double epsilon) {
    return new BatchNormalization.Gradient(epsilon);
  }

  /**
   * Does the operation, if oneDNN has something fast for these arrays.
   *
   * @return whether it did
   */
  public final boolean run(INDArray[] in, INDArray... out) {
    if (!Dnn.on()) {
      return false;
    }
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
    try (Descs descs = new Descs(work(arrays))) {
      return make(arrays, descs);
    }
  }

  /** The operations that the call takes, roughly. */
  long work(INDArray[] arrays) {
    return PER_ELEMENT * arrays[arrays.length - 1].length();
  }

  /**
   * @param arrays the inputs, then the outputs
   * @throws DnnException where oneDNN has nothing for them
   */
  abstract Primitive make(INDArray[] arrays, Descs descs);

  /** Softmax along the rows of a matrix. */
  private static final class Softmax extends FastOp {
    private static final int ACCURATE = 0x30000;

    private final int axis;

    Softmax(int axis) {
      this.axis = axis;
    }

    @Override
    Primitive make(INDArray[] arrays, Descs descs) {
      if (arrays[0].rank() != 2 || axis != 1) {
        throw DnnException.unsupported();
      }
      long in = descs.of(arrays[0]);
      long out = descs.of(arrays[1]);
      long desc =
          descs.primitive(
              handle ->
                  Library.dnnl_softmax_forward_primitive_desc_create(
                      handle, Library.ENGINE, Primitive.INFERENCE, ACCURATE, in, out, axis, 0));
      return descs.call(desc, new int[] {Primitive.SOURCE, Primitive.OUT}, in, out);
    }
  }

  /** A matrix turned over, written in row-major order. */
  private static final class Transpose extends FastOp {
    @Override
    Primitive make(INDArray[] arrays, Descs descs) {
      INDArray in = arrays[0];
      INDArray out = arrays[1];
      if (in.rank() != 2 || !Memories.rowMajor(in) || !Memories.rowMajor(out)) {
        throw DnnException.unsupported();
      }
      long rows = in.size(0);
      long columns = in.size(1);
      long from = descs.of(new long[] {columns, rows}, new long[] {1, columns});
      return descs.reorder(from, descs.rowMajor(columns, rows));
    }
  }
}
