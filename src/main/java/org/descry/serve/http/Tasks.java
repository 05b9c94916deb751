package org.descry.serve.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.descry.UsageException;
import org.descry.kind.service.Options;
import org.descry.kind.service.Service;
import org.descry.serve.Refused;
import org.descry.serve.model.ServedModel;

/** What people ask with nothing but an image or a text: predict, caption, generate. */
final class Tasks {
  private static final String MULTIPART = "multipart/form-data";
  private static final String JSON = "application/json";
  private static final String PROMPT = "prompt";

  private static final String STREAM = "stream";
  private static final String EVENTS = "text/event-stream";
  private static final int MOST_STREAMS = 16;

  private final Semaphore streams = new Semaphore(MOST_STREAMS);
  private final Answering answering;

  Tasks(Answering answering) {
    this.answering = answering;
  }

  void register(RoutesConfig routes) {
    routes.get(
        "/v1/models",
        context -> {
          answering.exchange(context, "models");
          Exchange.answer(context, 200, Map.of("models", answering.models.described()));
        });
    for (String model : List.of("/v1/models/{model}", "/v1/models/{model}/versions/{version}")) {
      routes.get(model, this::describe);
      for (String task : List.of("predict", "caption", "generate")) {
        routes.post(model + "/" + task, context -> answer(context, task));
      }
    }
  }

  private void describe(Context context) {
    answering.with(
        answering.exchange(context, "model"),
        new Answering.Use() {
          @Override
          public <Q, A> CompletableFuture<Runnable> of(ServedModel<Q, A> model, long deadline) {
            return CompletableFuture.completedFuture(
                () -> Exchange.answer(context, 200, model.described()));
          }
        });
  }

  /** What was sent: contents by their names, and options. */
  private record Sent(Map<String, byte[]> contents, Map<String, Object> options, boolean several) {}

  private void answer(Context context, String task) {
    Exchange exchange = answering.exchange(context, task);
    Sent sent = task.equals("generate") ? text(exchange) : images(exchange);
    boolean streamed = wantsEvents(context, sent);
    if (streamed && !streams.tryAcquire()) {
      throw Refused.full(MOST_STREAMS);
    }
    answering.with(
        exchange,
        new Answering.Use() {
          @Override
          public <Q, A> CompletableFuture<Runnable> of(ServedModel<Q, A> model, long deadline) {
            require(model, task);
            return streamed
                ? stream(exchange, model, sent, deadline)
                : whole(exchange, model, sent, deadline);
          }
        },
        streamed ? streams::release : () -> {});
  }

  private <Q, A> CompletableFuture<Runnable> whole(
      Exchange exchange, ServedModel<Q, A> model, Sent sent, long deadline) {
    return answering.ask(
        model,
        deadline,
        () -> questions(model.service(), sent, piece -> requireTime(deadline)),
        (questions, answers) ->
            Exchange.answer(exchange.context(), 200, told(model, sent, questions, answers)));
  }

  /** Each event stream has a thread while it lasts, so there are few at a time. */
  private static <Q, A> CompletableFuture<Runnable> stream(
      Exchange exchange, ServedModel<Q, A> model, Sent sent, long deadline) {
    EventStream events = new EventStream(exchange.context());
    List<Q> asked = questions(model.service(), sent, piece -> events.hear(piece, deadline));
    CompletableFuture<A> answer = model.ask(asked, deadline).get(0);
    return CompletableFuture.completedFuture(
        () -> events.write(answer, whole -> told(model, sent, asked, List.of(whole))));
  }

  private static boolean wantsEvents(Context context, Sent sent) {
    String accepted = context.header("Accept");
    boolean asked = new Options(sent.options, piece -> {}).flag(STREAM);
    sent.options.remove(STREAM);
    return !sent.several && (asked || (accepted != null && accepted.startsWith(EVENTS)));
  }

  static void requireTime(long deadline) {
    if (deadline - System.nanoTime() <= 0) {
      throw Refused.late();
    }
  }

  static void require(ServedModel<?, ?> model, String task) {
    String own = model.service().traits().task();
    if (!own.equals(task)) {
      throw new Refused(404, "%s does not %s; expected /%s.".formatted(model.name(), task, own));
    }
  }

  private static <Q> List<Q> questions(
      Service<Q, ?> service, Sent sent, Consumer<Supplier<String>> heard) {
    Options options = new Options(sent.options, heard);
    options.requireOnly(service.traits().options());
    List<Q> questions = new ArrayList<>();
    sent.contents.forEach(
        (name, content) -> questions.add(service.question(name, content, options)));
    return questions;
  }

  /** One answer as it is; several in a list, by their names. */
  private static <Q, A> Map<String, Object> told(
      ServedModel<Q, A> model, Sent sent, List<Q> questions, List<A> answers) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("model", model.name());
    told.put("version", model.version());
    List<Map<String, Object>> results = new ArrayList<>();
    List<String> names = List.copyOf(sent.contents.keySet());
    for (int i = 0; i < answers.size(); i++) {
      Map<String, Object> result = new LinkedHashMap<>();
      if (sent.several) {
        result.put("image", names.get(i));
      }
      result.putAll(model.service().told(questions.get(i), answers.get(i)));
      results.add(result);
    }
    if (sent.several) {
      told.put("results", results);
    } else {
      told.putAll(results.get(0));
    }
    return told;
  }

  private Sent images(Exchange exchange) {
    String media = exchange.mediaType();
    Map<String, Object> options = exchange.query();
    if (media.equals(MULTIPART)) {
      return parts(exchange, options);
    }
    if (!media.isEmpty()
        && !media.startsWith("image/")
        && !media.equals("text/plain")
        && !media.equals("application/octet-stream")) {
      throw new Refused(
          415,
          "The content type is %s; expected an image, text/plain, application/octet-stream or %s."
              .formatted(media, MULTIPART));
    }
    return new Sent(Map.of("of the request", exchange.body()), options, false);
  }

  private Sent parts(Exchange exchange, Map<String, Object> options) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    int most = answering.settings.queue();
    for (UploadedFile file : exchange.files()) {
      String name = file.filename().isEmpty() ? "image" : file.filename();
      String unique = contents.containsKey(name) ? name + " (" + contents.size() + ")" : name;
      contents.put(unique, exchange.read(file.content()));
      if (contents.size() > most) {
        throw new Refused(
            413, "The request has more than %s images; expected fewer.".formatted(most));
      }
    }
    if (contents.isEmpty()) {
      throw new UsageException("The request has no file in its parts; expected an image or more.");
    }
    options.putAll(exchange.fields());
    return new Sent(contents, options, true);
  }

  private static Sent text(Exchange exchange) {
    Map<String, Object> options = exchange.query();
    String media = exchange.mediaType();
    if (media.equals("text/plain")) {
      return new Sent(Map.of(PROMPT, exchange.body()), options, false);
    }
    if (!media.equals(JSON)) {
      throw new Refused(
          415, "The content type is %s; expected %s or text/plain.".formatted(media, JSON));
    }
    options.putAll(exchange.json());
    if (!(options.remove(PROMPT) instanceof String prompt)) {
      throw new UsageException("The body has no text named prompt; expected one.");
    }
    return new Sent(Map.of(PROMPT, prompt.getBytes(StandardCharsets.UTF_8)), options, false);
  }
}
