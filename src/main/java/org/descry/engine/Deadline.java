package org.descry.engine;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.descry.TimedOutException;

/**
 * When a caller stops waiting.
 *
 * @param limit how long it has in all; null for ever
 * @param nanos when it is over, by {@link System#nanoTime}
 */
public record Deadline(Duration limit, long nanos) {
  /** Never. */
  public static final Deadline NONE = new Deadline(null, 0);

  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * From now on.
   *
   * @param limit null for ever
   */
  public static Deadline in(Duration limit) {
    if (limit == null || limit.compareTo(LONGEST) > 0) {
      return NONE;
    }
    return new Deadline(limit, System.nanoTime() + limit.toNanos());
  }

  /**
   * @throws TimedOutException if it is over
   */
  public void check() {
    if (limit != null && nanos - System.nanoTime() <= 0) {
      throw over();
    }
  }

  /**
   * What an answer comes to.
   *
   * @throws TimedOutException if it comes too late
   */
  <R> R of(Future<R> answer) throws InterruptedException, ExecutionException {
    if (limit == null) {
      return answer.get();
    }
    try {
      return answer.get(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw over();
    }
  }

  private TimedOutException over() {
    return new TimedOutException(
        "The model has not answered within %s; expected an answer by then."
            .formatted(limit.toString().substring("PT".length()).toLowerCase(Locale.ROOT)));
  }
}
