package org.descry.serve.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.descry.UsageException;
import org.descry.io.Json;
import org.descry.serve.Refused;
import org.descry.serve.ServerSettings;

/** One request: what it says of itself, and its answer. */
final class Exchange {
  static final String DEADLINE = "Inference-Timeout";

  /** Parts of a multipart body, files and options together. */
  static final int MOST_PARTS = 1000;

  static final String ENDPOINT = "descry.endpoint";
  private static final String PLAIN = "identity";
  private static final String MODEL = "descry.model";
  private static final String VERSION = "descry.version";
  private static final long LONGEST_MILLIS = TimeUnit.HOURS.toMillis(1);
  private static final ObjectReader STRICT =
      Json.MAPPER
          .readerFor(Map.class)
          .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Context context;
  private final ServerSettings settings;
  private final long started = System.nanoTime();

  Exchange(Context context, ServerSettings settings, String endpoint) {
    this.context = context;
    this.settings = settings;
    context.attribute(ENDPOINT, endpoint);
  }

  Context context() {
    return context;
  }

  /** Notes whose request it is, for the log and the meters. */
  void isFor(String model, String version) {
    context.attribute(MODEL, model);
    context.attribute(VERSION, version);
  }

  static String endpoint(Context context) {
    String endpoint = context.attribute(ENDPOINT);
    return endpoint == null ? "-" : endpoint;
  }

  static String model(Context context) {
    return context.attribute(MODEL);
  }

  static String version(Context context) {
    return context.attribute(VERSION);
  }

  /**
   * When the answer has to be there, as {@link System#nanoTime} counts.
   *
   * @throws UsageException if the header is no time
   */
  long deadline() {
    String header = context.header(DEADLINE);
    if (header == null) {
      return started + settings.timeout().toNanos();
    }
    try {
      long millis = Long.parseLong(header.strip());
      if (millis >= 1 && millis <= LONGEST_MILLIS) {
        return started + TimeUnit.MILLISECONDS.toNanos(millis);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UsageException(
        "Header %s is not as expected: expected milliseconds from 1 to %s."
            .formatted(DEADLINE, LONGEST_MILLIS));
  }

  /** The media type without its parameters, in small letters; empty if there is none. */
  String mediaType() {
    String type = context.contentType();
    return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws Refused if it is larger than allowed, or encoded
   */
  byte[] body() {
    requirePlain();
    return read(context.bodyInputStream());
  }

  /** As {@link #body}, of a part. */
  byte[] read(InputStream in) {
    try {
      int most = (int) Math.min(settings.maxRequest(), Integer.MAX_VALUE - 8);
      if (context.req().getContentLengthLong() > most) {
        throw tooLarge();
      }
      byte[] body = in.readNBytes(most);
      if (body.length == most && in.read() >= 0) {
        throw tooLarge();
      }
      return body;
    } catch (IOException e) {
      throw new Refused(400, "The request ended before its end; expected all of its body.", e);
    }
  }

  private void requirePlain() {
    String encoding = context.header("Content-Encoding");
    if (encoding != null && !encoding.isBlank() && !encoding.strip().equalsIgnoreCase(PLAIN)) {
      context.header("Accept-Encoding", PLAIN);
      throw new Refused(
          415,
          "The content encoding is %s; expected none, the body as it is."
              .formatted(encoding.strip()));
    }
  }

  private Refused tooLarge() {
    return new Refused(
        413,
        "The request is larger than %s bytes; expected at most those."
            .formatted(settings.maxRequest()));
  }

  private static Refused noParts(Exception e) {
    return new Refused(400, "The body's parts cannot be read; expected multipart/form-data.", e);
  }

  /**
   * The files among the parts of the body.
   *
   * @throws Refused if they are larger than allowed together, more, encoded, or no parts
   */
  List<UploadedFile> files() {
    requirePlain();
    if (context.req().getContentLengthLong() > settings.maxRequest()) {
      throw tooLarge();
    }
    try {
      return context.uploadedFiles();
    } catch (Exception e) { // Jetty's, of several kinds, which Kotlin does not declare
      context.header("Connection", "close"); // Jetty does so, and does not say it
      if (String.valueOf(e.getMessage()).contains("exceed")) {
        throw tooLarge();
      } else if (ExceptionUtils.getRootCauseMessage(e).contains("too many keys")) {
        throw new Refused(
            413,
            "The request has more than %s parts; expected at most those.".formatted(MOST_PARTS));
      }
      throw noParts(e);
    }
  }

  /**
   * The texts among the parts, the first of each name; to be called after {@link #files}. Javalin's
   * own reads each as often as its name is there.
   */
  Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      for (Part part : context.req().getParts()) {
        if (part.getSubmittedFileName() == null && !fields.containsKey(part.getName())) {
          fields.put(
              part.getName(), new String(read(part.getInputStream()), StandardCharsets.UTF_8));
        }
      }
    } catch (IOException | ServletException e) {
      throw noParts(e);
    }
    return fields;
  }

  /** The body as a JSON object. */
  Map<String, Object> json() {
    try {
      Map<String, Object> read = STRICT.readValue(body());
      if (read == null) {
        throw new UsageException("The body is null; expected a JSON object.");
      }
      return new LinkedHashMap<>(read);
    } catch (JsonProcessingException e) {
      throw new UsageException(
          "The body is no JSON object (%s); expected one.".formatted(Json.reason(e)), e);
    } catch (IOException e) {
      throw new Refused(400, "The body cannot be read; expected a JSON object.", e);
    }
  }

  /** Options of the address. */
  Map<String, Object> query() {
    Map<String, Object> query = new LinkedHashMap<>();
    context.queryParamMap().forEach((name, values) -> query.put(name, values.get(0)));
    return query;
  }

  /** Answers with JSON. */
  static void answer(Context context, int status, Object value) {
    context.status(status).contentType("application/json").result(bytes(value));
  }

  private static byte[] bytes(Object value) {
    try {
      return Json.MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
