package org.descry.engine;

import com.sun.jna.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.io.Unpacking;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of the OpenMP runtime, which reads them from the process's environment when it is
 * loaded: Java cannot set those, the C library's {@code setenv} can.
 */
final class OpenMp {
  static final String THREADS = "OMP_NUM_THREADS";
  private static final String SPIN_COUNT = "GOMP_SPINCOUNT";
  private static final Logger LOG = LoggerFactory.getLogger(OpenMp.class);

  /**
   * How long an idle worker spins before it sleeps, in turns of some nanoseconds. Beside a busy
   * neighbour every turn is lost; 3000 were 1.6 times as fast as the default.
   */
  private static final int SPIN_TURNS = 3000;

  /**
   * Where the processors are free: longer than a worker takes to wake up, which in a virtual
   * machine may be 100 us. Otherwise each waits for the other, falls asleep meanwhile, and a small
   * operation takes 120 us in place of 6.
   */
  private static final int QUIET_SPIN_TURNS = 20_000;

  /** How much of the last ten seconds something waited for a processor, in percent. */
  private static final Pattern PRESSURE = Pattern.compile("some avg10=(\\d+\\.\\d+) ");

  private static final double QUIET_PERCENT = 25;

  /** A runtime that cannot start its threads, at some tens of thousands, ends in a crash. */
  static final int MOST_THREADS = 1024;

  private OpenMp() {}

  /**
   * The number of threads: the argument, else {@code DESCRY_THREADS}, else {@code OMP_NUM_THREADS},
   * else one for each physical core that the JVM may use.
   *
   * @throws DescryException if one of them is not a whole number from 1 to {@link #MOST_THREADS}
   */
  static int threads(Integer wanted, Map<String, String> environment, int cores, int available) {
    if (wanted != null) {
      return positive("--threads", wanted.toString());
    }
    for (String variable : List.of(Engine.THREADS_VARIABLE, THREADS)) {
      if (environment.containsKey(variable)) {
        return positive(variable, environment.get(variable));
      }
    }
    return cores == 0 ? available : Math.min(cores, available);
  }

  private static int positive(String setting, String value) {
    try {
      int threads = Integer.parseInt(value.strip());
      if (threads >= 1 && threads <= MOST_THREADS) {
        return threads;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message
    }
    throw new UsageException(
        "%s is '%s': expected a whole number of threads, from 1 to %s."
            .formatted(setting, value, MOST_THREADS));
  }

  /**
   * How long workers spin, which decides about no result.
   *
   * @param pressure Linux's file about waiting for processors, which need not be there
   */
  static int spinTurns(Path pressure) {
    try {
      Matcher some = PRESSURE.matcher(Files.readString(pressure));
      return some.lookingAt() && Double.parseDouble(some.group(1)) < QUIET_PERCENT
          ? QUIET_SPIN_TURNS
          : SPIN_TURNS;
    } catch (IOException e) {
      return SPIN_TURNS;
    }
  }

  /**
   * Puts the settings into the process's environment, before the runtime loads. What the user has
   * set about waiting stays as it is.
   *
   * @return whether it worked; otherwise the runtime keeps its own defaults
   */
  static boolean configure(int threads, Map<String, String> environment) {
    try {
      Function setenv = Function.getFunction("c", "setenv");
      setenv.invokeInt(new Object[] {THREADS, Integer.toString(threads), 1});
      if (!environment.containsKey(SPIN_COUNT) && !environment.containsKey("OMP_WAIT_POLICY")) {
        String turns = Integer.toString(spinTurns(Path.of("/proc/pressure/cpu")));
        setenv.invokeInt(new Object[] {SPIN_COUNT, turns, 1});
      }
      return true;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      Unpacking.requireDisk(e, Unpacking::jna);
      LOG.warn(
          "The OpenMP settings keep their defaults: setenv is out of reach ({})", e.toString());
      return false;
    }
  }
}
