package org.descry.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Tasks that wait for one another, each on a thread of its own. */
public final class Together {
  private Together() {}

  /** Their results in order, or the failure of the first that failed. */
  public static <T> List<T> run(List<Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<T>> each = new ArrayList<>();
      for (Callable<T> task : tasks) {
        each.add(threads.submit(task));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : each) {
        results.add(one.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
