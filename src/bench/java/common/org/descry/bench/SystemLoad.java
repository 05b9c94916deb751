package org.descry.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How much of the processors anything but this JVM uses, from Linux's {@code /proc}. Elsewhere
 * every moment counts as quiet.
 */
final class SystemLoad {
  private static final Path SYSTEM = Path.of("/proc/stat");
  private static final Path SELF = Path.of("/proc/self/stat");
  private static final double TICKS_PER_SECOND = 100;
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final long start = System.nanoTime();
  private final long foreignTicks = foreignTicks();

  private SystemLoad() {}

  static SystemLoad now() {
    return new SystemLoad();
  }

  /** Share of all cores' time that others used since this sample was taken, 0 to 1. */
  double foreignShare() {
    double seconds = (System.nanoTime() - start) / 1e9;
    double foreign = (foreignTicks() - foreignTicks) / TICKS_PER_SECOND;
    return Math.max(0, foreign / (seconds * CORES));
  }

  /**
   * Sleeps until others leave the processors alone for a moment.
   *
   * @param share what counts as quiet, as a share of all cores
   * @param limitSeconds when to go on regardless
   * @return the seconds slept
   */
  static double awaitQuiet(double share, double limitSeconds) {
    long start = System.nanoTime();
    double waited = 0;
    while (waited < limitSeconds) {
      SystemLoad sample = now();
      try {
        Thread.sleep(400);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while waiting for a quiet machine", e);
      }
      waited = (System.nanoTime() - start) / 1e9;
      if (sample.foreignShare() < share) {
        break;
      }
    }
    return waited;
  }

  /** The most memory that this process has had at once, in MB. */
  static double peakResidentMb() {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long foreignTicks() {
    if (!Files.isReadable(SYSTEM)) {
      return 0;
    }
    try {
      String[] cpu = Files.readAllLines(SYSTEM).get(0).trim().split("\\s+");
      // user, nice, system, irq, softirq, steal: all but idle and waiting for disks.
      long busy = 0;
      for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
        busy += Long.parseLong(cpu[field]);
      }
      String self = Files.readString(SELF);
      // The program's name, in brackets, may hold spaces: count from behind it.
      String[] own = self.substring(self.lastIndexOf(')') + 2).split(" ");
      return busy - Long.parseLong(own[11]) - Long.parseLong(own[12]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
