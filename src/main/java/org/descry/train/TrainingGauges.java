package org.descry.train;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.descry.metrics.EpochMetrics;

/**
 * A training's figures as gauges of a Micrometer registry, for whatever a program sends its figures
 * to; needs Micrometer on the class path. Each has the tag {@code job}:
 *
 * <ul>
 *   <li>{@code descry.training.epochs}, {@code descry.training.steps} (of an epoch): how many there
 *       will be at most
 *   <li>{@code descry.training.epoch}, {@code descry.training.step}: where it is, 1 for the first
 *   <li>{@code descry.training.loss}: mean of the epoch's steps so far
 *   <li>{@code descry.training.examples.per.second}: of the epoch so far
 *   <li>{@code descry.training.best.epoch}: the best so far
 *   <li>{@code descry.training.figure}, with the tag {@code figure} for the name in {@code
 *       metrics.jsonl}: what was measured after the last epoch
 * </ul>
 */
public final class TrainingGauges implements TrainingProgress, AutoCloseable {
  private static final String PREFIX = "descry.training.";

  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<String, Shown> gauges = new ConcurrentHashMap<>();

  /** A gauge and its value. */
  private static final class Shown {
    volatile double value;
    Meter meter;
  }

  /**
   * @param job what the tag {@code job} says
   */
  public TrainingGauges(MeterRegistry registry, String job) {
    this.registry = registry;
    this.tags = Tags.of("job", job);
  }

  @Override
  public void started(Plan plan) {
    set("epochs", plan.epochs());
    set("steps", plan.stepsPerEpoch());
  }

  @Override
  public void goesOn(int epoch, int step) {
    set("epoch", epoch);
    set("step", step);
  }

  @Override
  public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
    set("epoch", epoch);
    set("step", step);
    set("loss", meanLoss);
    set("examples.per.second", examplesPerSecond);
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    if (best) {
      set("best.epoch", metrics.epoch());
    }
    metrics.figures().forEach(this::figure);
  }

  private void set(String name, double value) {
    gauges.computeIfAbsent(name, key -> shown(PREFIX + key, tags)).value = value;
  }

  private void figure(String name, double value) {
    String key = "figure " + name;
    gauges.computeIfAbsent(key, k -> shown(PREFIX + "figure", tags.and("figure", name))).value =
        value;
  }

  private Shown shown(String name, Tags all) {
    Shown shown = new Shown();
    shown.meter =
        Gauge.builder(name, shown, s -> s.value).tags(all).strongReference(true).register(registry);
    return shown;
  }

  /** Takes the gauges out of the registry. */
  @Override
  public void close() {
    gauges.values().forEach(shown -> registry.remove(shown.meter));
    gauges.clear();
  }
}
