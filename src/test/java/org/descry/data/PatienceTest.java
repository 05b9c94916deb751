package org.descry.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private long now = Long.MAX_VALUE - 5; // nanoTime may begin anywhere

  private Duration after(Patience patience, Duration time) {
    now += time.toNanos();
    return Duration.ofNanos(patience.waited());
  }

  /** Whoever stops a program with Ctrl-Z finds no data that hang when it goes on. */
  @Test
  void whatPassesWhileAllStandsStillIsNotWaiting() {
    Patience patience = new Patience(() -> now);
    assertThat(after(patience, Duration.ofMillis(200))).isEqualTo(Duration.ofMillis(200));
    assertThat(after(patience, Duration.ofHours(9))).isLessThan(Duration.ofSeconds(3));
    for (int i = 0; i < 100; i++) {
      after(patience, Duration.ofMillis(300));
    }
    assertThat(after(patience, Duration.ZERO)).isGreaterThan(Duration.ofSeconds(30));
  }
}
