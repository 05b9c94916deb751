package org.descry.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class IntakeTest {
  /** Readers leave a record out for whatever is wrong with it, but nothing is wrong here. */
  @Test
  void whatNobodyWantsAnyMoreIsNoBadRecord() {
    Intake intake = Intake.strict();
    assertThat(intake.<Integer, RuntimeException>reading("a.npy", () -> 1)).isEqualTo(1);
    intake.cancel();
    assertThatThrownBy(() -> intake.reading("a.npy", () -> 1))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("a.npy");
  }
}
