package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.nd4j.linalg.factory.Nd4j;

/** What some work takes from Java's heap and from ND4J, once it has been done a few times. */
final class Allocations {
  private static final int WARM_UP = 20;

  /** What is promised; at most 1,460 were seen. */
  private static final int MOST_BYTES = 2000;

  private Allocations() {}

  static void requireNone(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < WARM_UP; i++) {
      work.run();
    }
    long buffers = Nd4j.getDeallocatorService().nextValue();
    long bytes = threads.getCurrentThreadAllocatedBytes();
    work.run();
    bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
    buffers = Nd4j.getDeallocatorService().nextValue() - buffers - 1;
    assertThat(buffers).as("off-heap objects of ND4J's that were made").isZero();
    assertThat(bytes).as("bytes taken from Java's heap").isLessThan(MOST_BYTES);
  }
}
