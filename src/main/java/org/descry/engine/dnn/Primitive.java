package org.descry.engine.dnn;

import static org.descry.engine.dnn.Library.check;
import static org.descry.engine.dnn.Library.handle;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.descry.engine.Bfloat16;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A call of oneDNN made once for its shapes and the thread's {@link Team}: executed, it costs one
 * native call, and one more for each argument whose address has changed. Not thread-safe.
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
  private static final int PAIR_BYTES = 16;
  private static final int MEMORY_OFFSET = 8;
  private static final int FACTORS = 2;
  private static final RoundedCopy[] NONE = {};

  private final long primitive;
  private final boolean alone;
  private final int team;
  private final int[] ids;
  private final long[] addresses;
  private final Object[] owners;
  private Arguments arguments;

  /**
   * @param desc the primitive's description
   * @param alone whether one thread does it
   * @param ids what each argument is
   * @param layouts the layout of each argument
   */
  Primitive(long desc, boolean alone, int[] ids, long... layouts) {
    team = Team.size();
    this.alone = alone && team > 1;
    primitive = handle(out -> Library.dnnl_primitive_create(out, desc));
    this.ids = ids;
    addresses = new long[ids.length];
    owners = new Object[ids.length];
    arguments = new Arguments(ids, layouts, addresses, NONE);
    long made = primitive;
    CLEANER.register(this, () -> Library.dnnl_primitive_destroy(made));
  }

  /** What the library reads: pairs of an argument's name and its memory. */
  private static final class Arguments {
    private final long[] memories;
    private final Memory pairs;
    private final long address;
    private final RoundedCopy[] copies;

    /**
     * @param copies of the first ones, which are rounded before each call; empty where none are
     */
    Arguments(int[] ids, long[] layouts, long[] addresses, RoundedCopy[] copies) {
      this.copies = copies;
      memories = new long[ids.length];
      pairs = new Memory((long) PAIR_BYTES * ids.length);
      for (int i = 0; i < ids.length; i++) {
        long layout = layouts[i];
        long at = i < copies.length ? copies[i].address() : addresses[i];
        memories[i] = handle(out -> Library.dnnl_memory_create(out, layout, Library.ENGINE, at));
        pairs.setInt((long) PAIR_BYTES * i, ids[i]);
        pairs.setLong((long) PAIR_BYTES * i + MEMORY_OFFSET, memories[i]);
      }
      address = Pointer.nativeValue(pairs);
      long[] made = memories;
      CLEANER.register(this, () -> Arrays.stream(made).forEach(Library::dnnl_memory_destroy));
    }

    /** The same that stay where they are; what is rounded goes to the same copies. */
    Arguments fixed(int[] ids, long[] addresses) {
      RoundedCopy[] own = new RoundedCopy[copies.length];
      Arrays.setAll(own, i -> copies[i].from(addresses[i]));
      return new Arguments(ids, layouts(), addresses, own);
    }

    private long[] layouts() {
      return Arrays.stream(memories)
          .map(memory -> handle(out -> Library.dnnl_memory_get_memory_desc(memory, out)))
          .toArray();
    }

    void move(int argument, long to) {
      if (argument < copies.length) {
        copies[argument] = copies[argument].from(to);
      } else {
        check(Library.dnnl_memory_set_data_handle(memories[argument], to));
      }
    }
  }

  /** The argument's place in memory from now on. */
  Primitive set(int argument, INDArray array) {
    return set(argument, address(array), array);
  }

  /** From an element on, counted from the array's first. */
  Primitive set(int argument, INDArray array, long from) {
    return set(argument, address(array) + from * array.data().getElementSize(), array);
  }

  Primitive set(int argument, Buffer buffer) {
    return set(argument, buffer.address(), buffer);
  }

  /** Rounds the first two arguments to bfloat16 before each call, in copies of them. */
  Primitive roundingFactors() {
    long[] layouts = arguments.layouts();
    RoundedCopy[] copies = new RoundedCopy[FACTORS];
    for (int i = 0; i < FACTORS; i++) {
      copies[i] = RoundedCopy.of(layouts[i]);
    }
    arguments = new Arguments(ids, layouts, addresses, copies);
    return this;
  }

  private Primitive set(int argument, long address, Object owner) {
    if (addresses[argument] != address) {
      arguments.move(argument, address);
      addresses[argument] = address;
    }
    if (Tape.recording()) {
      owners[argument] = owner;
    }
    return this;
  }

  void run() {
    execute(arguments);
    if (Tape.recording()) {
      Tape.note(new Fixed(this));
      Arrays.fill(owners, null);
    }
  }

  private void execute(Arguments with) {
    for (RoundedCopy copy : with.copies) {
      copy.run();
    }
    if (alone) {
      Library.omp_set_num_threads(1);
    }
    int status =
        Library.dnnl_primitive_execute(primitive, Library.STREAM, ids.length, with.address);
    if (alone) {
      Library.omp_set_num_threads(team);
    }
    check(status);
  }

  /** A call on the memory that the primitive had when it was noted, which stays alive. */
  private static final class Fixed implements Runnable {
    private final Primitive primitive;
    private final Object[] owners;
    private final Arguments arguments;

    Fixed(Primitive primitive) {
      this.primitive = primitive;
      owners = primitive.owners.clone();
      arguments = primitive.arguments.fixed(primitive.ids, primitive.addresses);
    }

    @Override
    public void run() {
      primitive.execute(arguments);
      Reference.reachabilityFence(owners);
    }
  }

  /**
   * Numbers rounded to bfloat16 in memory of their own, which float32 arithmetic takes as they are.
   */
  private static final class RoundedCopy {
    /** Bytes: a view counts them as an integer. */
    private static final long LARGEST_VIEW = 1L << 30;

    private final Buffer to;
    private final FloatBuffer[] numbers;
    private final FloatBuffer[] rounded;

    private RoundedCopy(Buffer to, FloatBuffer[] numbers, FloatBuffer[] rounded) {
      this.to = to;
      this.numbers = numbers;
      this.rounded = rounded;
    }

    /** Of nothing yet. */
    static RoundedCopy of(long layout) {
      Buffer to = Buffer.of(layout);
      long bytes = Library.dnnl_memory_desc_get_size(layout);
      return new RoundedCopy(to, new FloatBuffer[0], views(to.address(), bytes));
    }

    /** Of the numbers that lie there, in the same memory as this one. */
    RoundedCopy from(long address) {
      FloatBuffer[] from = new FloatBuffer[rounded.length];
      for (int i = 0; i < from.length; i++) {
        from[i] = view(address + i * LARGEST_VIEW, (long) Float.BYTES * rounded[i].capacity());
      }
      return new RoundedCopy(to, from, rounded);
    }

    private static FloatBuffer[] views(long address, long bytes) {
      FloatBuffer[] views = new FloatBuffer[Math.toIntExact((bytes - 1) / LARGEST_VIEW + 1)];
      for (int i = 0; i < views.length; i++) {
        long from = i * LARGEST_VIEW;
        views[i] = view(address + from, Math.min(LARGEST_VIEW, bytes - from));
      }
      return views;
    }

    private static FloatBuffer view(long address, long bytes) {
      return new Pointer(address)
          .getByteBuffer(0, bytes)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }

    /** Where the copy lies. */
    long address() {
      return to.address();
    }

    void run() {
      for (int view = 0; view < numbers.length; view++) {
        FloatBuffer from = numbers[view];
        FloatBuffer into = rounded[view];
        for (int i = 0; i < into.capacity(); i++) {
          into.put(i, Bfloat16.number(Bfloat16.of(from.get(i))));
        }
      }
    }
  }

  /** Where the first element lies; the buffer's own address leaves the offset out. */
  static long address(INDArray array) {
    return array.data().pointer().address() + array.offset() * array.data().getElementSize();
  }
}
