package org.descry.engine.dnn;

import static org.descry.engine.dnn.Library.check;

import org.apache.commons.lang3.ArrayUtils;

/** What a primitive does to its result before it writes it. */
final class Attributes implements AutoCloseable {
  private static final int KEEP_TYPE = 0;
  private static final int ROUNDED_TO_BFLOAT16 = 1;
  private static final int OPERAND_OF_POST_OP = 1 << 15;

  private final long attributes = Library.handle(Library::dnnl_primitive_attr_create);
  private final long postOps = Library.handle(Library::dnnl_post_ops_create);
  private int count;
  private int[] ids = {};
  private long[] layouts = {};

  /** Lets the processor's matrix unit round what is multiplied. */
  Attributes rounded() {
    check(Library.dnnl_primitive_attr_set_fpmath_mode(attributes, ROUNDED_TO_BFLOAT16));
    return this;
  }

  /** Adds {@code scale} times what the output held before. */
  Attributes sum(float scale) {
    check(Library.dnnl_post_ops_append_sum(postOps, scale, 0, KEEP_TYPE));
    count++;
    return this;
  }

  Attributes apply(Function function) {
    function.append(this);
    return this;
  }

  /** Applies oneDNN's algorithm with its two parameters to every element. */
  void elementwise(int algorithm, float alpha, float beta) {
    check(Library.dnnl_post_ops_append_eltwise(postOps, algorithm, alpha, beta));
    count++;
  }

  /** Joins the result with one more argument. */
  Attributes join(int algorithm, long layout) {
    check(Library.dnnl_post_ops_append_binary(postOps, algorithm, layout));
    count++;
    ids = ArrayUtils.add(ids, OPERAND_OF_POST_OP * count | Primitive.SECOND_SOURCE);
    layouts = ArrayUtils.add(layouts, layout);
    return this;
  }

  /**
   * The call of a primitive with two arguments, then those that were joined, then the output.
   *
   * @param two what they are called
   * @param one the layout of the first
   * @param other the layout of the second
   */
  Primitive call(long desc, int[] two, long one, long other, long out, Descs descs) {
    int[] named = ArrayUtils.add(ArrayUtils.addAll(two, ids), Primitive.OUT);
    long[] all = ArrayUtils.add(ArrayUtils.addAll(new long[] {one, other}, layouts), out);
    return descs.call(desc, named, all);
  }

  long handle() {
    check(Library.dnnl_primitive_attr_set_post_ops(attributes, postOps));
    return attributes;
  }

  @Override
  public void close() {
    check(Library.dnnl_post_ops_destroy(postOps));
    check(Library.dnnl_primitive_attr_destroy(attributes));
  }
}
