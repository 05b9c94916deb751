package org.descry.engine.dnn;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** Memory in a layout of oneDNN's, zeros at first, aligned to a cache line. */
final class Buffer {
  private static final int ALIGNMENT = 64;

  private final Memory memory;
  private final long address;

  Buffer(long bytes) {
    memory = new Memory(bytes + ALIGNMENT);
    memory.clear();
    address = (Pointer.nativeValue(memory) + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static Buffer of(long layout) {
    return new Buffer(Library.dnnl_memory_desc_get_size(layout));
  }

  /** One number. */
  static Buffer scalar(float value) {
    Buffer buffer = new Buffer(Float.BYTES);
    buffer.memory.setFloat(buffer.address - Pointer.nativeValue(buffer.memory), value);
    return buffer;
  }

  /** Valid as long as this object is reachable. */
  long address() {
    return address;
  }
}
