package org.descry.engine;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where a kernel's results live: a layer hands over its workspace, everybody else {@link
 * #DETACHED}.
 */
@FunctionalInterface
public interface Allocator {
  /** Memory outside of every workspace, freed with the array. */
  Allocator DETACHED =
      (type, shape) -> {
        Memory.require(type, shape);
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
          return Nd4j.createUninitialized(type, shape, 'c');
        }
      };

  /**
   * An array of the given shape in row-major order, its contents undefined.
   *
   * @throws org.descry.MemoryException if there is no room for it, see {@link Memory}
   */
  INDArray create(DataType type, long... shape);
}
