package org.descry.layer;

/**
 * A DL4J layer or vertex whose passes can be recorded once and replayed, see {@link
 * org.descry.engine.tape.Tape}: what a runtime that {@code instantiate} returns implements. All
 * layers and vertices of this package do. By it a pass promises:
 *
 * <ul>
 *   <li>For inputs of one shape it always does the same calls on the same memory: through ND4J's
 *       operations, {@link org.descry.engine.NativeOp} or {@link org.descry.engine.tape.Tape#run},
 *       which is also where it looks at elements in Java.
 *   <li>Its arrays come from the workspace manager that it is handed, or are its own.
 *   <li>What changes from step to step besides the data is read in {@code Tape.run}.
 * </ul>
 */
public interface Recordable {
  /** Whether it keeps the promise; a layer made of others' passes may not. */
  default boolean recordable() {
    return true;
  }

  /**
   * Whether a pass treats every example by itself, so that the gradients of a batch are the sums of
   * those of its parts: not where statistics are taken over a batch, nor where a mask is drawn for
   * it.
   */
  default boolean takesExamplesApart() {
    return false;
  }

  /** Called before each replay, when the layer's iteration and epoch have been set. */
  default void beforeReplay() {}
}
