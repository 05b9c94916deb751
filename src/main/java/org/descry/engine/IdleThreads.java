package org.descry.engine;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that keep no program alive, and end when nothing has been asked of them for a while. */
public final class IdleThreads {
  private static final long IDLE_SECONDS = 30;

  private IdleThreads() {}

  /**
   * @param count of threads, each of which begins with its first task
   * @param name of each
   */
  public static ExecutorService of(int count, String name) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
