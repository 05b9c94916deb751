package org.descry.engine.dnn;

import com.sun.jna.Pointer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.descry.engine.Bfloat16;

/**
 * Numbers rounded to bfloat16 in memory of their own, which float32 arithmetic takes as they are.
 */
final class RoundedCopy {
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
