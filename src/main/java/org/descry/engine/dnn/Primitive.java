package org.descry.engine.dnn;

import static org.descry.engine.dnn.Library.check;
import static org.descry.engine.dnn.Library.handle;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A call of oneDNN made once for its shapes: executed, it costs one native call, and one more for
 * each argument whose address has changed. Not thread-safe.
 */
final class Primitive {
  /** What the arguments are called in {@code dnnl_types.h}. */
  static final int SOURCE = 1;

  static final int SECOND_SOURCE = 2;
  static final int OUT = 17;
  static final int WEIGHTS = 33;
  static final int BIAS = 41;
  static final int WORKSPACE = 64;
  static final int SOURCE_GRADIENT = 129;
  static final int OUT_GRADIENT = 145;
  static final int WEIGHTS_GRADIENT = 161;
  static final int BIAS_GRADIENT = 169;

  static final int TRAINING = 64;
  static final int INFERENCE = 96;

  private static final Cleaner CLEANER = Cleaner.create();
  private static final int ARGUMENT_BYTES = 16;
  private static final int MEMORY_OFFSET = 8;

  private final long primitive;
  private final long[] memories;
  private final long[] addresses;
  private final Memory arguments;
  private final long argumentsAddress;

  /**
   * @param desc the primitive's description
   * @param ids what each argument is
   * @param layouts the layout of each argument
   */
  Primitive(long desc, int[] ids, long... layouts) {
    primitive = handle(out -> Library.dnnl_primitive_create(out, desc));
    memories = new long[ids.length];
    addresses = new long[ids.length];
    arguments = new Memory((long) ARGUMENT_BYTES * ids.length);
    for (int i = 0; i < ids.length; i++) {
      long layout = layouts[i];
      memories[i] = handle(out -> Library.dnnl_memory_create(out, layout, Library.ENGINE, 0));
      arguments.setInt((long) ARGUMENT_BYTES * i, ids[i]);
      arguments.setLong((long) ARGUMENT_BYTES * i + MEMORY_OFFSET, memories[i]);
    }
    argumentsAddress = Pointer.nativeValue(arguments);
    CLEANER.register(this, new Freeing(primitive, memories));
  }

  private record Freeing(long primitive, long[] memories) implements Runnable {
    @Override
    public void run() {
      Library.dnnl_primitive_destroy(primitive);
      for (long memory : memories) {
        Library.dnnl_memory_destroy(memory);
      }
    }
  }

  /** The argument's place in memory from now on. */
  Primitive set(int argument, INDArray array) {
    return set(argument, address(array));
  }

  Primitive set(int argument, long address) {
    if (addresses[argument] != address) {
      check(Library.dnnl_memory_set_data_handle(memories[argument], address));
      addresses[argument] = address;
    }
    return this;
  }

  void run() {
    check(
        Library.dnnl_primitive_execute(
            primitive, Library.STREAM, memories.length, argumentsAddress));
  }

  /** Where the first element lies; the buffer's own address leaves the offset out. */
  static long address(INDArray array) {
    return array.data().pointer().address() + array.offset() * array.data().getElementSize();
  }
}
