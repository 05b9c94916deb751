package org.descry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class Bfloat16Test {
  /** One is 0x3f80 with steps of 2^-7. */
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1.00390625, 1", // half a step: to the even one
    "1.01171875, 1.015625",
    "1.0039064, 1.0078125",
    "-3.14159265, -3.140625",
    "3.4028235e38, Infinity",
    "1e-45, 0",
    "Infinity, Infinity",
    "-0.0, -0.0"
  })
  void roundsToTheNearest(float number, float rounded) {
    assertThat(Bfloat16.number(Bfloat16.of(number))).isEqualTo(rounded);
  }

  @Test
  void whatIsNoNumberStaysSo() {
    assertThat(Bfloat16.number(Bfloat16.of(Float.NaN))).isNaN();
    float smallest = Float.intBitsToFloat(0x7f800001); // its upper half alone is infinity
    assertThat(Bfloat16.number(Bfloat16.of(smallest))).isNaN();
  }

  @Property(tries = 500)
  void noOtherNumberIsNearer(@ForAll float number) {
    short bits = Bfloat16.of(number);
    double error = Math.abs((double) number - Bfloat16.number(bits));
    for (int next = -1; next <= 1; next += 2) {
      float other = Bfloat16.number((short) (bits + next));
      if (Float.isFinite(other) && Float.isFinite(Bfloat16.number(bits))) {
        assertThat(error).isLessThanOrEqualTo(Math.abs((double) number - other));
      }
    }
  }

  @Test
  void roundsAStretchOfAnArrayAndNothingBesideIt() {
    Engine.start();
    INDArray all = Nd4j.createFromArray(1.001f, 1.001f, 2.003f, 2.003f);
    Runnable rounding = Bfloat16.rounding(all.get(NDArrayIndex.interval(1, 3)));
    rounding.run();
    assertThat(all.toFloatVector()).containsExactly(1.001f, 1, 2, 2.003f);
    all.addi(1.01f);
    rounding.run();
    assertThat(all.getFloat(2)).isEqualTo(3.015625f);
    assertThatThrownBy(() -> Bfloat16.rounding(Nd4j.createFromArray(1.0)))
        .hasMessage("expected FLOAT to be rounded to bfloat16, got DOUBLE");
  }
}
