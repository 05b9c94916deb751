package org.descry.serve.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.descry.DescryException;
import org.descry.archive.Manifest;
import org.descry.engine.dnn.Precision;
import org.descry.kind.TrainedModel;
import org.descry.kind.service.Service;
import org.descry.serve.Meters;
import org.descry.serve.Refused;
import org.descry.serve.batch.Batcher;

/**
 * A version of a model in service.
 *
 * @param <Q> a question to it
 * @param <A> an answer
 */
public final class ServedModel<Q, A> implements AutoCloseable {
  /** How far answers may be from the recorded ones where factors are rounded to bfloat16. */
  private static final double ROUNDED = 0.05;

  private final Source source;
  private final Manifest manifest;
  private final Service<Q, A> service;
  private final Batcher<Q, A> batcher;
  private final Meters.OfModel meters;
  private final long bytes;
  private final OptionalDouble selfTest;

  private ServedModel(
      Source source,
      TrainedModel model,
      Service<Q, A> service,
      Batcher.Limits limits,
      Meters meters) {
    this.source = source;
    this.service = service;
    manifest = model.manifest();
    selfTest =
        limits.precision() == Precision.FLOAT32
            ? model.selfTest()
            : limits.precision().during(() -> model.selfTest(ROUNDED));
    bytes = model.parameterBytes();
    this.meters = meters.model(name(), version(), this::waiting);
    batcher = new Batcher<>(name(), service, limits, this.meters);
  }

  /**
   * Puts a model into service: checks its self-test, and warms it up.
   *
   * @throws DescryException if it does not answer, or otherwise than when it was written
   */
  static ServedModel<?, ?> of(
      Source source, TrainedModel model, Batcher.Limits limits, Meters meters) {
    ServedModel<?, ?> served = of(source, model, model.service(), limits, meters);
    try {
      served.batcher.ready().join();
      return served;
    } catch (CompletionException e) {
      served.close();
      if (e.getCause() instanceof DescryException own) {
        throw own;
      }
      throw new DescryException(
          "%s: the model cannot answer (%s).".formatted(source.file(), e.getCause()), e.getCause());
    }
  }

  private static <Q, A> ServedModel<Q, A> of(
      Source source,
      TrainedModel model,
      Service<Q, A> service,
      Batcher.Limits limits,
      Meters meters) {
    return new ServedModel<>(source, model, service, limits, meters);
  }

  public String name() {
    return source.model();
  }

  public String version() {
    return Long.toString(source.version());
  }

  /** Questions in the queue; the meters may ask before there is one. */
  private int waiting() {
    return batcher == null ? 0 : batcher.waiting();
  }

  Source source() {
    return source;
  }

  public Service<Q, A> service() {
    return service;
  }

  /** How the self-test in the zip went, in words. */
  public String selfTest() {
    return selfTest.isEmpty()
        ? "there is no self-test in its zip"
        : String.format(Locale.ROOT, "its self-test passed, within %.1e", selfTest.getAsDouble());
  }

  /** Bytes of its parameters. */
  long bytes() {
    return bytes;
  }

  /**
   * As {@link Batcher#ask}.
   *
   * @throws Refused likewise
   */
  public List<CompletableFuture<A>> ask(List<Q> questions, long deadline) {
    return batcher.ask(questions, deadline);
  }

  /** What the model is and where it comes from, to be written as JSON. */
  public Map<String, Object> described() {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", name());
    described.put("version", version());
    described.put("kind", manifest.kind());
    described.put("task", service.traits().task());
    described.put("content", service.traits().content().name().toLowerCase(Locale.ROOT));
    described.put("options", service.traits().options());
    described.put("inputs", service.traits().inputs());
    described.put("outputs", service.traits().outputs());
    described.put("labels", manifest.labels());
    described.put("selfTest", selfTest());
    described.put("parameters", bytes / Float.BYTES);
    described.put("provenance", manifest.provenance());
    described.put("waiting", waiting());
    return described;
  }

  /** Takes no more questions, and waits until those taken have been answered. */
  @Override
  public void close() {
    batcher.close();
    meters.close();
  }
}
