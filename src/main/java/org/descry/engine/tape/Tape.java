package org.descry.engine.tape;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Work as a flat list of calls on fixed memory: recorded while it is done for the first time, then
 * replayed as often as wanted, without the objects that lead to the calls.
 *
 * <p>While a thread records, every operation that goes through ND4J's executioner, {@link
 * org.descry.engine.NativeOp} or oneDNN is noted by itself. What reads or writes an array's
 * elements in Java has to say so: {@link #run}. The memory of the arrays stays alive with the tape.
 * A replay reads and writes the same arrays as the recording, so it is for one thread at a time.
 */
public final class Tape {
  private static final ThreadLocal<Tape> RECORDING = new ThreadLocal<>();
  private static final ThreadLocal<Boolean> OF_CONSTANTS = ThreadLocal.withInitial(() -> false);

  private final List<Runnable> noted = new ArrayList<>();
  private Runnable[] calls;

  private Tape() {}

  /**
   * Does the work and notes its calls. What throws leaves nothing behind.
   *
   * @throws IllegalStateException if the thread records already
   */
  public static Tape record(Runnable work) {
    if (RECORDING.get() != null) {
      throw new IllegalStateException("expected one recording at a time, got one within another");
    }
    Tape tape = new Tape();
    RECORDING.set(tape);
    try {
      work.run();
    } finally {
      RECORDING.remove();
    }
    tape.calls = tape.noted.toArray(new Runnable[0]);
    tape.noted.clear();
    return tape;
  }

  /** Does work whose recordings may take the network's parameters for constants. */
  public static <T> T ofConstants(Supplier<T> work) {
    OF_CONSTANTS.set(true);
    try {
      return work.get();
    } finally {
      OF_CONSTANTS.remove();
    }
  }

  /** What follows from parameters alone: once where they are constants, else in each replay. */
  public static void ofParameters(Runnable call) {
    if (OF_CONSTANTS.get()) {
      once(call);
    } else {
      call.run();
    }
  }

  /**
   * Does work that is to be done again and again, and returns how: its calls, where ND4J's
   * operations can be recorded, else the work itself.
   */
  public static Runnable prepared(Runnable work) {
    if (RecordingExecutioner.installed()) {
      return record(work)::replay;
    }
    work.run();
    return work;
  }

  /**
   * Does in Java what depends on the data, now and in each replay.
   *
   * @param call reads what changes from step to step when it runs; it allocates nothing where it
   *     can
   */
  public static void run(Runnable call) {
    Tape tape = RECORDING.get();
    once(call);
    if (tape != null) {
      tape.noted.add(call);
    }
  }

  /** Does now, and in no replay, what always gives the same: constants. */
  public static void once(Runnable call) {
    Tape tape = RECORDING.get();
    if (tape == null) {
      call.run();
      return;
    }
    RECORDING.remove();
    try {
      call.run();
    } finally {
      RECORDING.set(tape);
    }
  }

  /** Whether this thread records. */
  public static boolean recording() {
    return RECORDING.get() != null;
  }

  /** Notes a native call that has been done, where this thread records. */
  public static void note(Runnable call) {
    Tape tape = RECORDING.get();
    if (tape != null) {
      tape.noted.add(call);
    }
  }

  /** Does the calls again, in their order. */
  public void replay() {
    for (Runnable call : calls) {
      call.run();
    }
    PreparedOp.requireNoError();
  }
}
