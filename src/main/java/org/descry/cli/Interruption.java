package org.descry.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.descry.ExitCode;

/**
 * Turns Ctrl-C (and a polite kill) into a request to stop, and holds the end of the program back
 * until what was under way has been put in order.
 */
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  /** The command's, if it has one. */
  private static final AtomicReference<Interruption> LATEST = new AtomicReference<>();

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  /**
   * @param answer exit code in place of the signal's; null for that
   */
  Interruption(Runnable stop, ExitCode answer) {
    hook =
        new Thread(
            () -> {
              stop.run();
              try {
                done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              if (answer != null) {
                Runtime.getRuntime().halt(answer.number());
              }
            },
            "interruption");
    LATEST.set(this);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program is ending already, once a failure of the command has been told: see end.
    }
  }

  /** The command is over, and what there was to say has been said. */
  static void end() {
    Interruption latest = LATEST.get();
    if (latest != null) {
      latest.done.countDown();
    }
  }
}
