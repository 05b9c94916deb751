package org.descry.serve.http;

import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.descry.io.Json;
import org.descry.serve.Refused;

/**
 * An answer as server-sent events: {@code token} with each piece of text, and {@code done} with the
 * whole, or {@code error}. Pieces wait here, so that no client keeps the model waiting; when a
 * client is gone, the model is told to stop.
 */
final class EventStream {
  private static final String TOKEN = "token";

  private final Context context;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile boolean gone;

  private record Event(String name, Object value) {}

  EventStream(Context context) {
    this.context = context;
  }

  /** Takes a piece of the answer, from the thread that finds it. */
  void hear(Supplier<String> found, long deadline) {
    if (gone) {
      throw new CancellationException("the client is gone");
    }
    Tasks.requireTime(deadline);
    String piece = found.get();
    if (!piece.isEmpty()) {
      events.add(new Event(TOKEN, Map.of("text", piece)));
    }
  }

  /** Writes all there is, as it comes, until the answer is whole. */
  <A> void write(CompletableFuture<A> answer, Function<A, Object> told) {
    answer.whenComplete(
        (whole, failure) ->
            events.add(
                failure == null
                    ? new Event("done", told.apply(whole))
                    : new Event("error", Map.of("error", sentence(failure)))));
    context.contentType("text/event-stream");
    context.header("Cache-Control", "no-store");
    try {
      ServletOutputStream out = context.res().getOutputStream();
      Event event;
      do {
        event = events.take();
        String text = "event: " + event.name + "\ndata: " + Json.line(event.value) + "\n\n";
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
      } while (event.name.equals(TOKEN));
    } catch (IOException e) {
      gone = true; // nobody is there to be told
    } catch (InterruptedException e) {
      gone = true;
      Thread.currentThread().interrupt();
    }
  }

  private static String sentence(Throwable failure) {
    return failure instanceof Refused refused ? refused.getMessage() : "The model failed.";
  }
}
