package org.descry.engine.dnn;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * To how many bits matrix products and convolutions of float32 arrays may round what they multiply.
 * They add up in float32 either way, and all else (parameters, activations, sums, softmax, losses,
 * statistics, updates) is float32. What is opened {@link #during} a precision ({@link
 * org.descry.engine.Replicas}) answers in it for good.
 */
public enum Precision {
  /** 24 bits. */
  FLOAT32,

  /** 8 bits, by the processor's matrix unit, or {@link #emulated}. */
  BFLOAT16;

  /** Environment variable that lets processors without the unit round as one with it does. */
  public static final String VARIABLE = "DESCRY_BFLOAT16";

  /** What the variable says then. */
  public static final String EMULATED = "emulated";

  /** What it says where the processor's unit alone will do, as if it were not set. */
  public static final String NATIVE = "native";

  private static final ThreadLocal<Precision> CURRENT = ThreadLocal.withInitial(() -> FLOAT32);

  private static volatile boolean emulating =
      Objects.toString(System.getenv(VARIABLE), "").strip().equalsIgnoreCase(EMULATED);

  /** Of the calls that this thread makes now. */
  public static Precision current() {
    return CURRENT.get();
  }

  /**
   * Does what is to be in this precision on this thread.
   *
   * @throws IllegalStateException if it has an {@link #obstacle}
   */
  public <T> T during(Supplier<T> work) {
    Precision before = CURRENT.get();
    if (this == before) {
      return work.get();
    }
    String obstacle = obstacle();
    if (obstacle != null) {
      throw new IllegalStateException(
          "expected a machine with bfloat16, got one where " + obstacle);
    }
    CURRENT.set(this);
    try {
      return work.get();
    } finally {
      CURRENT.set(before);
    }
  }

  /** As settings have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The same, and whether it is emulated. */
  public String described() {
    return this == BFLOAT16 && emulated() ? this + " (" + EMULATED + ")" : toString();
  }

  /** {@code on}, {@code emulated} and by what, or why not. */
  public String state() {
    String obstacle = obstacle();
    if (obstacle != null) {
      return obstacle;
    }
    return this == BFLOAT16 && emulated() ? EMULATED + " (" + VARIABLE + ")" : "on";
  }

  /** Why this machine cannot do it, as part of a sentence; null if it can. */
  public String obstacle() {
    if (this == FLOAT32) {
      return null;
    }
    if (!Dnn.on()) {
      return "oneDNN is " + Dnn.state();
    }
    return emulating ? null : Probe.OBSTACLE;
  }

  /**
   * Whether bfloat16 is float32 arithmetic on factors rounded before: what it gives differs from
   * the matrix unit's in the order of sums alone, and takes longer than float32.
   */
  public static boolean emulated() {
    return emulating && Dnn.on() && Probe.OBSTACLE != null;
  }

  /**
   * Has bfloat16 emulated where the processor lacks it, or not.
   *
   * @return whether it was before
   */
  public static boolean emulate(boolean wanted) {
    boolean before = emulating;
    emulating = wanted;
    return before;
  }

  /** A product and a look at what oneDNN makes of it: a processor's flags alone do not tell. */
  private static final class Probe {
    private static final long SIDE = 64;

    static final String OBSTACLE = find();

    private static String find() {
      try (Descs descs = new Descs(0);
          Attributes attributes = new Attributes().rounded()) {
        long square = descs.rowMajor(SIDE, SIDE);
        descs.primitive(
            out ->
                Library.dnnl_matmul_primitive_desc_create(
                    out, Library.ENGINE, square, square, 0, square, attributes.handle()));
        return descs.last().contains("amx") ? null : "the processor has no amx_bf16";
      }
    }
  }
}
