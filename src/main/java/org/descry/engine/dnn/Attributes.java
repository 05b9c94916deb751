package org.descry.engine.dnn;

import static org.descry.engine.dnn.Library.check;

/** What a primitive does to its result before it writes it. */
final class Attributes implements AutoCloseable {
  private final long attributes = Library.handle(Library::dnnl_primitive_attr_create);
  private final long postOps = Library.handle(Library::dnnl_post_ops_create);

  /** Adds {@code scale} times what the output held before. */
  Attributes sum(float scale, int type) {
    check(Library.dnnl_post_ops_append_sum(postOps, scale, 0, type));
    return this;
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
