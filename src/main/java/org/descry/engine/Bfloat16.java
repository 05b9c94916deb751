package org.descry.engine;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The upper half of a float32: its sign, its exponent and 8 bits of its 24. Rounded to the nearest,
 * to the even one of two; what is not a number stays so.
 */
public final class Bfloat16 {
  private static final int HALF = 16;
  private static final int BELOW_HALF = 0x7fff;
  private static final int QUIET = 0x40;

  private Bfloat16() {}

  /** The 16 bits of a number. */
  public static short of(float number) {
    int bits = Float.floatToRawIntBits(number);
    return (short)
        (Float.isNaN(number)
            ? bits >>> HALF | QUIET
            : bits + BELOW_HALF + (bits >>> HALF & 1) >>> HALF);
  }

  /** The number of 16 bits. */
  public static float number(short bits) {
    return Float.intBitsToFloat(bits << HALF);
  }

  /**
   * What rounds the numbers of an array, which stay float32, as often as it is run.
   *
   * @param array FLOAT, its elements one after another
   * @throws IllegalArgumentException for another type
   */
  public static Runnable rounding(INDArray array) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "expected FLOAT to be rounded to bfloat16, got " + array.dataType());
    }
    int length = Math.toIntExact(array.length());
    FloatBuffer all =
        array.data().pointer().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    FloatBuffer own = all.slice(Math.toIntExact(array.offset()), length);
    return () -> {
      for (int i = 0; i < length; i++) {
        own.put(i, number(of(own.get(i))));
      }
    };
  }
}
