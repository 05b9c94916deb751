package org.descry.serve.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.MemoryException;
import org.descry.UsageException;
import org.descry.io.Json;
import org.descry.serve.Refused;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every failure as a status and {@code {"error": "a sentence"}}. */
final class Errors {
  private static final Logger LOG = LoggerFactory.getLogger("org.descry.serve");

  private Errors() {}

  static void register(RoutesConfig routes) {
    routes.exception(Exception.class, (failure, context) -> answer(failure, context));
    // What Javalin says itself of addresses and methods that there are not.
    for (int status : new int[] {404, 405}) {
      routes.error(
          status,
          context -> {
            if (!"application/json".equals(context.res().getContentType())) {
              say(
                  context,
                  status,
                  "There is no %s %s; expected what /openapi.json lists."
                      .formatted(context.method().name(), context.path()));
            }
          });
    }
  }

  /** A failure of a thread that answers goes to the client, an error of the JVM too. */
  static void answer(Throwable failure, Context context) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Refused refused) {
      if (refused.passing()) {
        context.header("Retry-After", "1");
      }
      say(context, refused.status(), refused.getMessage());
    } else if (cause instanceof UsageException || cause instanceof DataException) {
      say(context, 400, cause.getMessage());
    } else if (cause instanceof MemoryException || cause instanceof OutOfMemoryError) {
      say(context, 503, "There is no memory for this request; expected a smaller one.");
    } else if (cause instanceof TimeoutException) {
      say(context, 504, Refused.late().getMessage());
    } else if (cause instanceof HttpResponseException http) {
      say(context, http.getStatus(), http.getMessage());
    } else {
      LOG.error("Request {} failed", Access.id(context), cause);
      String detail = cause instanceof DescryException ? cause.getMessage() : "see the log";
      say(context, 500, "Request %s failed: %s.".formatted(Access.id(context), detail));
    }
  }

  private static void say(Context context, int status, String sentence) {
    Exchange.answer(context, status, Map.of("error", sentence == null ? "" : sentence));
  }

  /** What Jetty itself refuses: headers that are no HTTP, or too many, and all when it stops. */
  static final class OfJetty extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      // What follows on the connection may be the rest of what could not be read.
      Lingering.after(request, response);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      String sentence = "The request cannot be read; status " + response.getStatus();
      if (response.getStatus() == HttpStatus.SERVICE_UNAVAILABLE_503) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        sentence = "The server is stopping; expected another try later.";
      } else if (response.getStatus() == HttpStatus.REQUEST_TIMEOUT_408) {
        sentence =
            "The request came too slowly; expected at least %s bytes a second."
                .formatted(WholeBody.SLOWEST_CLIENT);
      }
      Content.Sink.write(response, true, Json.line(Map.of("error", sentence)), callback);
      return true;
    }
  }
}
