package org.descry.engine.dnn;

import static org.descry.engine.dnn.Library.check;
import static org.descry.engine.dnn.Library.handle;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.commons.lang3.StringUtils;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Descriptions of memory and of primitives, needed only while primitives are made: closing frees
 * them all.
 */
final class Descs implements AutoCloseable {
  /** What elements are called in {@code dnnl_types.h}. */
  static final int BFLOAT16 = 2;

  static final int FLOAT32 = 3;
  private static final int ANY_LAYOUT = 1;
  private static final int QUERY_IMPLEMENTATION = 8;

  static final int WEIGHTS = 131;
  static final int WEIGHTS_GRADIENT = 132;
  static final int OUT = 133;
  static final int OUT_GRADIENT = 134;
  static final int WORKSPACE = 135;

  /**
   * Fewer operations than this, which take some ten microseconds, are done by one thread: to wake
   * the others takes as long, and many times as long where the machine is not quiet.
   */
  private static final long SHARED_FROM = 2_000_000;

  /** Bytes. */
  private static final long REORDERS_SHARED_FROM = 200_000;

  private final int before;
  private final boolean alone;
  private final List<Long> memory = new ArrayList<>();
  private final List<Long> primitives = new ArrayList<>();

  /**
   * @param work the operations that one call of the primitives takes, roughly
   */
  Descs(long work) {
    before = Library.omp_get_max_threads();
    alone = Team.size() == 1 || work < SHARED_FROM;
    Library.omp_set_num_threads(alone ? 1 : Team.size());
  }

  /** Whether one thread does the calls. */
  boolean alone() {
    return alone;
  }

  /** The call of a primitive, which is to be run by as many threads as it is made by. */
  Primitive call(long desc, int[] ids, long... layouts) {
    return new Primitive(desc, alone, ids, layouts);
  }

  /** An array as it lies in memory. */
  long of(INDArray array) {
    return of(array.shape(), array.stride());
  }

  /** Dimensions and strides, in elements; strides of dimensions of size 1 are made dense. */
  long of(long[] dims, long[] strides) {
    return of(FLOAT32, dims, strides);
  }

  /** The same of another type of elements. */
  long of(int type, long[] dims, long[] strides) {
    long[] dense = strides.clone();
    for (int i = dims.length - 1; i >= 0; i--) {
      if (dims[i] == 1) {
        dense[i] = i == dims.length - 1 ? 1 : dense[i + 1] * dims[i + 1];
      }
    }
    return strided(type, dims, dense);
  }

  private long strided(int type, long[] dims, long[] strides) {
    return kept(
        handle(
            out ->
                Library.dnnl_memory_desc_create_with_strides(
                    out, dims.length, dims, type, strides)));
  }

  /** A row-major array. */
  long rowMajor(long... dims) {
    long[] strides = new long[dims.length];
    long stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return of(dims, strides);
  }

  /** N x C x H x W over channels-last memory. */
  long channelsLast(long n, long c, long h, long w) {
    return channelsLast(FLOAT32, n, c, h, w);
  }

  /**
   * The same of another type of elements. With one channel, or one pixel a row, other strides would
   * do as well, but oneDNN takes them for another order and has nothing for it.
   */
  long channelsLast(int type, long n, long c, long h, long w) {
    return strided(type, new long[] {n, c, h, w}, new long[] {h * w * c, 1, w * c, c});
  }

  /** The layout that the primitive likes best. */
  long any(long... dims) {
    return any(FLOAT32, dims);
  }

  /** The same of another type of elements. */
  long any(int type, long[] dims) {
    return kept(
        handle(
            out ->
                Library.dnnl_memory_desc_create_with_tag(
                    out, dims.length, dims, type, ANY_LAYOUT)));
  }

  private long kept(long desc) {
    memory.add(desc);
    return desc;
  }

  /**
   * A primitive's description.
   *
   * @throws DnnException if oneDNN has no such primitive, or only its reference implementation,
   *     which is slower than ND4J's operation
   */
  long primitive(Library.Maker maker) {
    return primitive(maker, name -> false);
  }

  /**
   * The same by the first implementation that will do.
   *
   * @param refused says of the name of one whether it will not
   */
  long primitive(Library.Maker maker, Predicate<String> refused) {
    long desc = handle(maker);
    primitives.add(desc);
    if (!advance(desc, refused) || last().startsWith("ref")) {
      throw DnnException.unsupported();
    }
    return desc;
  }

  /**
   * The same by the implementation that loops over the images itself, where oneDNN has one for the
   * instructions that its first choice uses; else its first choice.
   */
  long direct(Library.Maker maker) {
    return other(maker, name -> "jit:" + StringUtils.substringAfter(name, ":"));
  }

  /** The same by one implementation, where another is oneDNN's first choice and it has both. */
  long instead(String first, String wanted, Library.Maker maker) {
    return other(maker, name -> name.equals(first) ? wanted : name);
  }

  /**
   * @param wanted makes of the name of oneDNN's first choice the one to look for
   */
  private long other(Library.Maker maker, UnaryOperator<String> wanted) {
    long first = primitive(maker);
    String name = wanted.apply(last());
    if (last().equals(name)) {
      return first;
    }
    long other = handle(maker);
    primitives.add(other);
    return advance(other, found -> !found.equals(name)) ? other : first;
  }

  /** Goes on to the first implementation that is not refused, if there is one. */
  private static boolean advance(long desc, Predicate<String> refused) {
    while (refused.test(implementation(desc))) {
      if (Library.dnnl_primitive_desc_next_impl(desc) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The implementation of the primitive that was described last. */
  String last() {
    return implementation(primitives.get(primitives.size() - 1));
  }

  private static String implementation(long desc) {
    try (Memory result = new Memory(Long.BYTES)) {
      check(Library.dnnl_primitive_desc_query(desc, QUERY_IMPLEMENTATION, 0, result));
      return result.getPointer(0).getString(0);
    }
  }

  /** The layout that a primitive has chosen for one of its arguments. */
  static long query(long primitiveDesc, int what) {
    return Library.dnnl_primitive_desc_query_md(primitiveDesc, what, 0);
  }

  /** A primitive that changes the layout; a small one has a thread of its own. */
  Primitive reorder(long from, long to) {
    long engine = Library.ENGINE;
    boolean small = Library.dnnl_memory_desc_get_size(from) < REORDERS_SHARED_FROM;
    try (Descs own = new Descs(small ? 0 : SHARED_FROM)) {
      return own.call(
          own.primitive(
              out -> Library.dnnl_reorder_primitive_desc_create(out, from, engine, to, engine, 0)),
          new int[] {Primitive.SOURCE, Primitive.OUT},
          from,
          to);
    }
  }

  @Override
  public void close() {
    Library.omp_set_num_threads(before);
    primitives.forEach(desc -> check(Library.dnnl_primitive_desc_destroy(desc)));
    memory.forEach(desc -> check(Library.dnnl_memory_desc_destroy(desc)));
  }
}
