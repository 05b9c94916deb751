package org.descry.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpentTest {
  @Test
  void waitingForDataIsAdvisedOnAboveATwentieth() {
    assertThat(new Summary.Spent(95, 30, 60, 5, 5, 100, 100).advice()).isEmpty();
    assertThat(new Summary.Spent(0, 0, 0, 0, 0, 0, 0).advice()).isEmpty();
    assertThat(new Summary.Spent(1.4, 0, 0, 0, 0.4, 0, 0).advice())
        .isEmpty(); // the first batch alone
    assertThat(new Summary.Spent(90, 0, 0, 0, 10, 0, 0).advice().orElseThrow())
        .startsWith("Steps waited for data 10% of their time, expected at most 5%: ");
  }

  @Test
  void aLineSaysAll() {
    assertThat(new Summary.Spent(12.34, 4, 7.5, 0.5, 0.1, 2, 0.26))
        .hasToString(
            "steps 12.3 s (forward 4.0 s, backward 7.5 s, update 0.5 s), waiting for data 0.1 s,"
                + " evaluation 2.0 s, checkpoints and models 0.3 s");
  }
}
