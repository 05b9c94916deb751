package org.descry.data;

import java.util.List;
import java.util.function.Function;

/**
 * Processes that need the same data: each reads a part of what is slow to read, and gives it to the
 * others.
 *
 * @param rank of this process, from 0
 * @param size how many there are
 * @param exchange gives all what this one has; returns what each has, by rank; called by all of
 *     them, equally often
 */
public record Readers(int rank, int size, Function<byte[], List<byte[]>> exchange) {
  /** A process that reads everything itself. */
  public static final Readers ALONE = new Readers(0, 1, List::of);

  /** Whether there is nobody to share the work with. */
  public boolean alone() {
    return size == 1;
  }

  /** Where the part of a process begins, of so many items; that of the next one, where it ends. */
  public int begin(int ofRank, int items) {
    return (int) ((long) ofRank * items / size);
  }
}
