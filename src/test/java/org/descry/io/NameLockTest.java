package org.descry.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.descry.DescryException;
import org.descry.cli.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameLockTest {
  @TempDir Path dir;

  /** Another process, which answers whether somebody has a name. */
  public static void main(String[] args) {
    System.exit(NameLock.isTaken(Path.of(args[0]), args[1]) ? 10 : 11);
  }

  private int elsewhere() throws Exception {
    return Cli.program(NameLockTest.class, dir.toString(), "a").start().waitFor();
  }

  /** To the system, a process that closes a file a second time has given it up. */
  @Test
  void whoAsksForItsOwnNameKeepsIt() throws Exception {
    try (NameLock lock = NameLock.take(dir, "a", "job")) {
      assertThat(NameLock.isTaken(dir, "a")).isTrue();
      assertThatThrownBy(() -> NameLock.take(dir.resolve("../" + dir.getFileName()), "a", "job"))
          .isInstanceOf(DescryException.class)
          .hasMessageContaining("is running in ");
      assertThat(lock).isNotNull();
      assertThat(elsewhere()).isEqualTo(10);
    }
    assertThat(NameLock.isTaken(dir, "a")).isFalse();
    assertThat(elsewhere()).isEqualTo(11);
  }

  @Test
  void whoOnlyAsksTakesNothing() throws Exception {
    NameLock.take(dir, "a", "job").close();
    AtomicBoolean ended = new AtomicBoolean();
    Thread asking =
        new Thread(
            () -> {
              while (!ended.get()) {
                NameLock.isTaken(dir, "a");
                pause();
              }
            });
    asking.start();
    try {
      for (int i = 0; i < 2000; i++) {
        NameLock.take(dir, "a", "job").close();
      }
    } finally {
      ended.set(true);
      asking.join();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MICROSECONDS.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
