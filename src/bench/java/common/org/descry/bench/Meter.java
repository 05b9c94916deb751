package org.descry.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Times the steps of a workload. After the warm-up, steps are grouped into blocks of a quarter of a
 * second; a block is clean when other processes left the processors alone while it ran. The median
 * is taken over the clean steps where there are enough of them, else over all.
 */
public final class Meter {
  private static final int WARM_UP_STEPS = 2;
  private static final int MEASURED_STEPS = 8;
  private static final int MEMORY_STEPS = 3;
  private static final double BLOCK_SECONDS = 0.25;
  private static final double QUIET_SHARE = 0.06;

  /**
   * How long to measure, in seconds.
   *
   * @param warmUp at least this long before anything counts
   * @param measure at least this long in clean blocks
   * @param limit go no further than this, clean or not
   * @param patience wait this long in all for a quiet machine
   */
  public record Limits(double warmUp, double measure, double limit, double patience) {}

  private enum Phase {
    WARM_UP,
    TIMING,
    MEMORY,
    FINISHED
  }

  private final Limits limits;
  private final LongSupplier offHeapBytes;
  private final List<Double> all = new ArrayList<>();
  private final List<Double> clean = new ArrayList<>();
  private final List<Double> block = new ArrayList<>();

  private Phase phase = Phase.WARM_UP;
  private int steps;
  private double firstLoss;
  private double lastLoss;
  private double firstStepSeconds;
  private long phaseStart;
  private long stepStart;
  private long blockStart;
  private SystemLoad blockLoad;
  private double cleanSeconds;
  private double waited;
  private int memorySteps;
  private long bytesHeld;
  private long bytesAllocated;

  Meter(Limits limits, LongSupplier offHeapBytes) {
    this.limits = limits;
    this.offHeapBytes = offHeapBytes;
    phaseStart = stepStart = System.nanoTime();
  }

  /** Repeats a step that returns its loss, or NaN where there is none. */
  public void measure(DoubleSupplier step) {
    stepStart = System.nanoTime();
    while (!finished()) {
      stepDone(step.getAsDouble());
    }
  }

  public boolean finished() {
    return phase == Phase.FINISHED;
  }

  /** For peers whose loop is not ours: to be called when a step has ended. */
  public void stepDone(double loss) {
    double seconds = secondsSince(stepStart);
    steps++;
    lastLoss = loss;
    if (steps == 1) {
      firstLoss = loss;
      firstStepSeconds = seconds;
      phaseStart = System.nanoTime();
    }
    switch (phase) {
      case WARM_UP -> warmUp();
      case TIMING -> time(seconds);
      case MEMORY -> watchMemory();
      case FINISHED -> {}
    }
    stepStart = System.nanoTime();
  }

  /** For peers whose steps do not report their loss: those before the first and after the last. */
  public void reportLosses(double first, double last) {
    firstLoss = first;
    lastLoss = last;
  }

  private void warmUp() {
    if (steps >= WARM_UP_STEPS && secondsSince(phaseStart) >= limits.warmUp) {
      awaitQuiet();
      phase = Phase.TIMING;
      phaseStart = System.nanoTime();
      openBlock();
    }
  }

  private void time(double seconds) {
    block.add(seconds * 1e3);
    double blockSeconds = secondsSince(blockStart);
    if (blockSeconds < BLOCK_SECONDS) {
      return;
    }
    all.addAll(block);
    if (blockLoad.foreignShare() < QUIET_SHARE) {
      clean.addAll(block);
      cleanSeconds += blockSeconds;
    } else {
      awaitQuiet();
    }
    boolean enoughClean = clean.size() >= MEASURED_STEPS && cleanSeconds >= limits.measure;
    boolean outOfTime = all.size() >= MEASURED_STEPS && secondsSince(phaseStart) >= limits.limit;
    if (enoughClean || outOfTime) {
      openMemoryPhase();
    } else {
      openBlock();
    }
  }

  /**
   * Native memory is given back when the collector finds its owner dead. With all garbage collected
   * beforehand, growth over a step is what the step allocated; should a collection fall into a
   * step, that step alone is lost.
   */
  private void openMemoryPhase() {
    phase = Phase.MEMORY;
    System.gc();
    pause();
    bytesHeld = offHeapBytes.getAsLong();
  }

  private void watchMemory() {
    long before = bytesHeld;
    bytesHeld = offHeapBytes.getAsLong();
    bytesAllocated += Math.max(0, bytesHeld - before);
    if (++memorySteps == MEMORY_STEPS) {
      phase = Phase.FINISHED;
    }
  }

  private void openBlock() {
    block.clear();
    blockStart = System.nanoTime();
    blockLoad = SystemLoad.now();
  }

  /** Time spent waiting is not counted against the phase. */
  private void awaitQuiet() {
    double slept = SystemLoad.awaitQuiet(QUIET_SHARE, limits.patience - waited);
    waited += slept;
    phaseStart += (long) (slept * 1e9);
  }

  Measurement measurement(String engine) {
    boolean isClean = clean.size() >= MEASURED_STEPS;
    double[] times =
        (isClean ? clean : all).stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Measurement(
        engine,
        times[times.length / 2],
        times[0],
        times[times.length * 9 / 10],
        times.length,
        isClean,
        firstLoss,
        lastLoss,
        (double) bytesAllocated / MEMORY_STEPS,
        firstStepSeconds * 1e3,
        SystemLoad.peakResidentMb());
  }

  private static void pause() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while the collector worked", e);
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
