package org.descry.engine.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What is on a tape, and its replay. */
class TapeTest {
  @Test
  void aTapeCannotHoldAnother() {
    assertThatThrownBy(() -> Tape.record(() -> Tape.record(() -> {})))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Tape.recording()).isFalse();
  }

  @Test
  void aReplayDoesTheOperationsAgain() {
    INDArray x = Nd4j.createFromArray(1f, 2f);
    INDArray y = Nd4j.createFromArray(0f, 0f);
    int[] runs = new int[2];
    Tape tape =
        Tape.record(
            () -> {
              Tape.once(() -> runs[0]++);
              Tape.run(() -> runs[1]++);
              y.assign(x).muli(3).addi(x);
              y.addi(x.reshape(1, 2).mmul(Nd4j.eye(2)).reshape(2));
            });
    x.assign(2);
    tape.replay();
    assertThat(y.toFloatVector()).containsExactly(10, 10);
    assertThat(runs).containsExactly(1, 2);
  }
}
