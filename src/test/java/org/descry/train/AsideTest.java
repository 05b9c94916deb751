package org.descry.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.descry.DiskException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AsideTest {
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Aside aside = new Aside();

  private void work() {
    try {
      go.await();
      ended.set(true);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void othersGoOnMeanwhileAndTheNextPieceComesAfterIt() {
    aside.begin(this::work);
    aside.check(); // does not wait
    assertThat(ended).isFalse();
    go.countDown();
    List<Boolean> seen = new ArrayList<>();
    aside.begin(() -> seen.add(ended.get()));
    aside.close();
    assertThat(seen).containsExactly(true);
  }

  @Test
  void aFailureIsThrownOnce() {
    RuntimeException full = new DiskException("full", null);
    aside.begin(
        () -> {
          throw full;
        });
    assertThatThrownBy(aside::close).isSameAs(full);
    assertThatCode(aside::close).doesNotThrowAnyException();
    Error error = new StackOverflowError("deep");
    aside.begin(
        () -> {
          throw error;
        });
    assertThatThrownBy(() -> aside.begin(() -> {})).isSameAs(error);
    aside.begin(() -> ended.set(true));
    aside.close();
    assertThat(ended).isTrue();
  }

  @Test
  void whoIsInterruptedWaitsAllTheSame() {
    aside.begin(this::work);
    Thread.currentThread().interrupt();
    Thread later = new Thread(go::countDown);
    later.start();
    aside.close();
    assertThat(ended).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }
}
