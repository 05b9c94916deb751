package org.descry.serve;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.descry.serve.batch.Batcher;

/** What is counted and timed, as Prometheus reads it. */
public final class Meters {
  private static final String NO_MODEL = "-";

  /** Bounds of the histograms of times, which can be added up over servers. */
  private static final Duration[] TIMES =
      Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private static final double[] SIZES = {1, 2, 4, 8, 16, 32, 64, 128};

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Looking a meter up by its tags costs more than counting. */
  private final Map<Requests, Timer> requests = new ConcurrentHashMap<>();

  private final Map<Tags, Timer> decodings = new ConcurrentHashMap<>();

  private record Requests(String endpoint, String model, String version, int status) {}

  public Meters() {
    new JvmMemoryMetrics().bindTo(registry);
    Gauge.builder("descry.process.bytes", Pointer::physicalBytes)
        .description("Memory of the process, Java's heap and native arrays alike")
        .register(registry);
  }

  /** All of it, in Prometheus' text format. */
  public String text() {
    return registry.scrape();
  }

  /**
   * A request that has been answered.
   *
   * @param endpoint the route, such as {@code predict}
   * @param model null of a request that is for none that there is
   */
  public void request(String endpoint, String model, String version, int status, long nanos) {
    requests
        .computeIfAbsent(
            new Requests(endpoint, model, version, status),
            key ->
                Timer.builder("descry.requests")
                    .description("Requests by endpoint and status, from the first byte to the last")
                    .tags(tags(model, version))
                    .tags("endpoint", endpoint, "status", Integer.toString(status))
                    .serviceLevelObjectives(TIMES)
                    .register(registry))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The time that it took to read and decode what a request holds. */
  public void decoded(String model, String version, long nanos) {
    decodings
        .computeIfAbsent(
            tags(model, version),
            tags ->
                Timer.builder("descry.decoding")
                    .description("Time to make questions of a request: parsing, decoding, resizing")
                    .tags(tags)
                    .register(registry))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private static Tags tags(String model, String version) {
    return Tags.of(
        "model", model == null ? NO_MODEL : model, "version", version == null ? NO_MODEL : version);
  }

  /** What is measured of a model while it is in service. */
  public final class OfModel implements Batcher.Observer, AutoCloseable {
    private final List<Meter> meters = new ArrayList<>();
    private final DistributionSummary sizes;
    private final Timer waits;
    private final Timer inference;

    private OfModel(String model, String version, Supplier<Number> waiting) {
      Tags tags = tags(model, version);
      sizes =
          kept(
              DistributionSummary.builder("descry.batch.size")
                  .description("Questions in a batch")
                  .tags(tags)
                  .serviceLevelObjectives(SIZES)
                  .register(registry));
      waits =
          kept(
              Timer.builder("descry.queue")
                  .description("Time that a batch's first question waited")
                  .tags(tags)
                  .serviceLevelObjectives(TIMES)
                  .register(registry));
      inference =
          kept(
              Timer.builder("descry.inference")
                  .description("Time that the network took for a batch")
                  .tags(tags)
                  .serviceLevelObjectives(TIMES)
                  .register(registry));
      kept(
          Gauge.builder("descry.queue.length", waiting)
              .description("Questions that wait")
              .tags(tags)
              .strongReference(true)
              .register(registry));
    }

    private <T extends Meter> T kept(T meter) {
      meters.add(meter);
      return meter;
    }

    @Override
    public void answered(int size, long waitedNanos, long tookNanos) {
      sizes.record(size);
      waits.record(waitedNanos, TimeUnit.NANOSECONDS);
      inference.record(tookNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
      meters.forEach(registry::remove);
    }
  }

  /**
   * Begins to measure a model.
   *
   * @param waiting the length of its queue
   */
  public OfModel model(String model, String version, Supplier<Number> waiting) {
    return new OfModel(model, version, waiting);
  }
}
