package org.descry.engine.dnn;

import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * To how many bits matrix products and convolutions of float32 arrays may round what they multiply.
 * They add up in float32 either way, and all else (parameters, activations, sums, softmax, losses,
 * statistics, updates) is float32.
 */
public enum Precision {
  /** 24 bits. */
  FLOAT32,

  /** 8 bits, by the processor's matrix unit. */
  BFLOAT16;

  private static final ThreadLocal<Precision> CURRENT = ThreadLocal.withInitial(() -> FLOAT32);

  /** Of the calls that this thread makes now. */
  static Precision current() {
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

  /** Why this machine cannot do it, as part of a sentence; null if it can. */
  public String obstacle() {
    if (this == FLOAT32) {
      return null;
    }
    return Dnn.on() ? Probe.OBSTACLE : "oneDNN is " + Dnn.state();
  }

  /** A product and a look at what oneDNN makes of it: a processor's flags alone do not tell. */
  private static final class Probe {
    private static final long SIDE = 64;

    static final String OBSTACLE = find();

    private static String find() {
      INDArray matrix = Nd4j.createUninitialized(DataType.FLOAT, SIDE, SIDE);
      Precision before = CURRENT.get();
      CURRENT.set(BFLOAT16);
      try (Descs descs = new Descs(0)) {
        new Product(false, false, 0, new Chain(List.of()))
            .make(new INDArray[] {matrix, matrix, matrix}, descs);
        return descs.last().contains("amx") ? null : "the processor has no amx_bf16";
      } finally {
        CURRENT.set(before);
      }
    }
  }
}
