package org.descry.engine.dnn;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.File;
import java.io.IOException;
import org.bytedeco.javacpp.Loader;

/**
 * The functions of oneDNN's C interface that are used here, bound by JNA. Handles are plain
 * addresses; an out parameter is an array of one. Names and order of the arguments are those of
 * {@code oneapi/dnnl/dnnl.h}.
 */
final class Library {
  /** The file inside oneDNN's jar. */
  static final String RESOURCE =
      "/org/bytedeco/dnnl/" + Loader.Detector.getPlatform() + "/libdnnl.so.3";

  /** What kind of engine and stream is made. */
  private static final int CPU = 1;

  private static final int IN_ORDER = 1;

  /** The one engine and the one stream: on the CPU neither has a state of its own. */
  static final long ENGINE;

  static final long STREAM;

  /** How many threads share a call. */
  static final int THREADS;

  static {
    try {
      File file = Loader.cacheResource(Library.class, RESOURCE);
      Native.register(Library.class, NativeLibrary.getInstance(file.getPath()));
    } catch (IOException e) {
      throw (Error) new UnsatisfiedLinkError(e.toString()).initCause(e);
    }
    ENGINE = handle(out -> dnnl_engine_create(out, CPU, 0));
    STREAM = handle(out -> dnnl_stream_create(out, ENGINE, IN_ORDER));
    THREADS = omp_get_max_threads();
  }

  private Library() {}

  /** Makes an object whose address the library writes into its first argument. */
  interface Maker {
    int make(long[] out);
  }

  /**
   * @return the address of what was made
   * @throws DnnException if the library refuses
   */
  static long handle(Maker maker) {
    long[] out = new long[1];
    check(maker.make(out));
    return out[0];
  }

  static void check(int status) {
    if (status != 0) {
      throw new DnnException(status);
    }
  }

  static native int dnnl_engine_create(long[] engine, int kind, long index);

  static native int dnnl_stream_create(long[] stream, long engine, int flags);

  static native int dnnl_memory_desc_create_with_strides(
      long[] desc, int rank, long[] dims, int type, long[] strides);

  static native int dnnl_memory_desc_create_with_tag(
      long[] desc, int rank, long[] dims, int type, int tag);

  static native int dnnl_memory_desc_destroy(long desc);

  static native long dnnl_memory_desc_get_size(long desc);

  static native int dnnl_memory_desc_equal(long one, long other);

  static native long dnnl_primitive_desc_query_md(long primitiveDesc, int what, int index);

  static native int dnnl_primitive_desc_query(
      long primitiveDesc, int what, int index, Pointer result);

  /** Turns to what the library ranks next, if there is any; else its answer is not 0. */
  static native int dnnl_primitive_desc_next_impl(long primitiveDesc);

  static native int dnnl_primitive_desc_destroy(long primitiveDesc);

  static native int dnnl_matmul_primitive_desc_create(
      long[] desc, long engine, long source, long weights, long bias, long out, long attributes);

  static native int dnnl_convolution_forward_primitive_desc_create(
      long[] desc,
      long engine,
      int propagation,
      int algorithm,
      long source,
      long weights,
      long bias,
      long out,
      long[] strides,
      long[] dilations,
      long[] padBefore,
      long[] padAfter,
      long attributes);

  static native int dnnl_convolution_backward_weights_primitive_desc_create(
      long[] desc,
      long engine,
      int algorithm,
      long source,
      long weightsGradient,
      long biasGradient,
      long outGradient,
      long[] strides,
      long[] dilations,
      long[] padBefore,
      long[] padAfter,
      long forward,
      long attributes);

  static native int dnnl_convolution_backward_data_primitive_desc_create(
      long[] desc,
      long engine,
      int algorithm,
      long sourceGradient,
      long weights,
      long outGradient,
      long[] strides,
      long[] dilations,
      long[] padBefore,
      long[] padAfter,
      long forward,
      long attributes);

  static native int dnnl_pooling_forward_primitive_desc_create(
      long[] desc,
      long engine,
      int propagation,
      int algorithm,
      long source,
      long out,
      long[] strides,
      long[] kernel,
      long[] dilations,
      long[] padBefore,
      long[] padAfter,
      long attributes);

  static native int dnnl_pooling_backward_primitive_desc_create(
      long[] desc,
      long engine,
      int algorithm,
      long sourceGradient,
      long outGradient,
      long[] strides,
      long[] kernel,
      long[] dilations,
      long[] padBefore,
      long[] padAfter,
      long forward,
      long attributes);

  static native int dnnl_eltwise_forward_primitive_desc_create(
      long[] desc,
      long engine,
      int propagation,
      int algorithm,
      long source,
      long out,
      float alpha,
      float beta,
      long attributes);

  static native int dnnl_eltwise_backward_primitive_desc_create(
      long[] desc,
      long engine,
      int algorithm,
      long sourceGradient,
      long outGradient,
      long data,
      float alpha,
      float beta,
      long forward,
      long attributes);

  static native int dnnl_softmax_forward_primitive_desc_create(
      long[] desc,
      long engine,
      int propagation,
      int algorithm,
      long source,
      long out,
      int axis,
      long attributes);

  static native int dnnl_batch_normalization_forward_primitive_desc_create(
      long[] desc,
      long engine,
      int propagation,
      long source,
      long out,
      float epsilon,
      int flags,
      long attributes);

  static native int dnnl_batch_normalization_backward_primitive_desc_create(
      long[] desc,
      long engine,
      int propagation,
      long sourceGradient,
      long outGradient,
      long source,
      float epsilon,
      int flags,
      long forward,
      long attributes);

  static native int dnnl_binary_primitive_desc_create(
      long[] desc, long engine, int algorithm, long one, long other, long out, long attributes);

  static native int dnnl_reorder_primitive_desc_create(
      long[] desc, long source, long sourceEngine, long out, long outEngine, long attributes);

  static native int dnnl_primitive_create(long[] primitive, long desc);

  static native int dnnl_primitive_destroy(long primitive);

  static native int dnnl_memory_create(long[] memory, long desc, long engine, long address);

  static native int dnnl_memory_destroy(long memory);

  static native int dnnl_memory_get_memory_desc(long memory, long[] desc);

  static native int dnnl_memory_set_data_handle(long memory, long address);

  static native int dnnl_primitive_execute(long primitive, long stream, int count, long arguments);

  static native int dnnl_primitive_attr_create(long[] attributes);

  static native int dnnl_primitive_attr_destroy(long attributes);

  static native int dnnl_primitive_attr_set_post_ops(long attributes, long postOps);

  static native int dnnl_primitive_attr_set_fpmath_mode(long attributes, int mode);

  static native int dnnl_post_ops_create(long[] postOps);

  static native int dnnl_post_ops_destroy(long postOps);

  static native int dnnl_post_ops_append_sum(long postOps, float scale, int zeroPoint, int type);

  static native int dnnl_post_ops_append_eltwise(
      long postOps, int algorithm, float alpha, float beta);

  static native int dnnl_post_ops_append_binary(long postOps, int algorithm, long other);

  /** Of the OpenMP runtime, for the calling thread. */
  static native void omp_set_num_threads(int count);

  static native int omp_get_max_threads();
}
