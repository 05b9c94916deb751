package org.descry.train;

/** How a training begins where there may be an earlier run of its name. */
public enum Start {
  /** Anew; refused if there is one. */
  NEW,
  /** Anew; an earlier run is replaced once there is a model. */
  REPLACE,
  /** With the earlier run, from its newest checkpoint; refused if there is none. */
  RESUME,
  /** With the earlier run if there is one, else anew. */
  AUTO,
  /**
   * As {@link #AUTO}, but an earlier run of another job is replaced, and one that has ended keeps
   * no checkpoints: a candidate of a sweep.
   */
  AUTO_OR_REPLACE;

  boolean resumes() {
    return this != NEW && this != REPLACE;
  }
}
