package org.descry.engine.dnn;

import java.util.function.Supplier;

/**
 * How many OpenMP threads share the calls that a Java thread makes: each Java thread has a team of
 * its own. What oneDNN prepares is for the team's size.
 */
public final class Team {
  private static final ThreadLocal<Integer> SIZE = new ThreadLocal<>();

  private Team() {}

  /** Of the calling thread. */
  public static int size() {
    Integer own = SIZE.get();
    return own == null ? Library.THREADS : own;
  }

  /** Does work on the calling thread alone; without oneDNN, as ND4J divides it. */
  public static <T> T alone(Supplier<T> work) {
    if (!Dnn.on()) {
      return work.get();
    }
    Integer before = SIZE.get();
    int threads = size();
    SIZE.set(1);
    Library.omp_set_num_threads(1);
    try {
      return work.get();
    } finally {
      Library.omp_set_num_threads(threads);
      SIZE.set(before);
    }
  }
}
