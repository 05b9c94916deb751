package org.descry.serve.http;

import io.javalin.http.Context;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.descry.serve.Meters;
import org.descry.serve.Refused;
import org.descry.serve.ServerSettings;
import org.descry.serve.model.Models;
import org.descry.serve.model.ServedModel;

/**
 * The way from a request to its answer: questions are made on the server's threads, as many at a
 * time as there are processors; a model's workers answer them; the answer is written on the
 * server's threads again, so that no client keeps a worker waiting.
 */
final class Answering {
  final Models models;
  final ServerSettings settings;
  private final Meters meters;
  private final Executor threads;
  private final Semaphore decoding = new Semaphore(Runtime.getRuntime().availableProcessors());

  Answering(Models models, ServerSettings settings, Meters meters, Executor threads) {
    this.models = models;
    this.settings = settings;
    this.meters = meters;
    this.threads = threads;
  }

  /**
   * @param endpoint what the meters and the log call it
   */
  Exchange exchange(Context context, String endpoint) {
    return new Exchange(context, settings, endpoint);
  }

  /** What is done with a model, of whatever questions and answers. */
  interface Use {
    <Q, A> CompletableFuture<Runnable> of(ServedModel<Q, A> model, long deadline);
  }

  /**
   * Uses the model that the address names; what the use leaves to be done writes the answer.
   *
   * @throws Refused if there is none
   */
  void with(Exchange exchange, Use use) {
    with(exchange, use, () -> {});
  }

  /**
   * As {@link #with(Exchange, Use)}.
   *
   * @param finish is called once, when all is written or nothing will be
   */
  void with(Exchange exchange, Use use, Runnable finish) {
    Context context = exchange.context();
    context.future(
        () -> {
          CompletableFuture<Void> written;
          try {
            written = written(exchange, use);
          } catch (RuntimeException | Error e) {
            written = CompletableFuture.failedFuture(e);
          }
          return written.whenComplete((nothing, failure) -> finish.run());
        });
  }

  private CompletableFuture<Void> written(Exchange exchange, Use use) {
    Context context = exchange.context();
    long deadline = exchange.deadline();
    return models
        .<Runnable>use(
            context.pathParam("model"),
            context.pathParamMap().get("version"),
            threads,
            model -> {
              exchange.isFor(model.name(), model.version());
              return use.of(model, deadline);
            })
        .orTimeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
        .thenAcceptAsync(Runnable::run, threads);
  }

  /** Asks questions and does something with all answers. */
  <Q, A> CompletableFuture<Runnable> ask(
      ServedModel<Q, A> model,
      long deadline,
      Supplier<List<Q>> questions,
      BiConsumer<List<Q>, List<A>> then) {
    List<Q> asked = decode(model, deadline, questions);
    List<CompletableFuture<A>> answers = model.ask(asked, deadline);
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(
            nothing ->
                () -> then.accept(asked, answers.stream().map(CompletableFuture::join).toList()));
  }

  private <Q> List<Q> decode(ServedModel<Q, ?> model, long deadline, Supplier<List<Q>> questions) {
    try {
      if (!decoding.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw Refused.late();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refused.gone();
    }
    long began = System.nanoTime();
    try {
      return questions.get();
    } finally {
      decoding.release();
      meters.decoded(model.name(), model.version(), System.nanoTime() - began);
    }
  }
}
