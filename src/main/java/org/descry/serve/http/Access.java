package org.descry.serve.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;
import org.descry.io.Json;
import org.descry.serve.Meters;
import org.descry.serve.Refused;
import org.descry.serve.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may ask, and what is noted of each request. */
final class Access {
  private static final Logger LOG = LoggerFactory.getLogger("org.descry.access");
  private static final String ID = "X-Request-Id";
  private static final Pattern IDS = Pattern.compile("[\\w.:-]{1,64}");
  private static final String BYTE_ORDER_MARK = "\ufeff";
  private static final String BEARER = "Bearer ";

  /** What everybody may see: whether the server lives, and the page, which asks for a key. */
  private static final Pattern OPEN = Pattern.compile("/v2/health/.*|/|/page/.*|/openapi\\.json");

  private final List<byte[]> keys;
  private final boolean log;
  private final Meters meters;

  Access(ServerSettings settings, Meters meters) {
    this.meters = meters;
    log = settings.accessLog();
    keys = settings.apiKeys() == null ? null : keys(settings.apiKeys());
  }

  private static List<byte[]> keys(Path file) {
    try {
      String text = EndingFiles.text(EndingFiles.small(file));
      List<byte[]> keys =
          text.lines()
              .map(line -> line.replace(BYTE_ORDER_MARK, "").strip())
              .filter(line -> !line.isEmpty())
              .map(Access::digest)
              .toList();
      if (keys.isEmpty()) {
        throw new UsageException("%s holds no key; expected one a line.".formatted(file));
      }
      return keys;
    } catch (IOException e) {
      throw new DataException(
          "%s cannot be read (%s); expected a file with a key a line."
              .formatted(file, IoErrors.of(e)),
          e);
    }
  }

  /** Keys are compared by digests: the time that it takes says nothing of them. */
  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Gives the request its id, and lets it pass or not. */
  void check(Context context) {
    String given = context.header(ID);
    String id = given != null && IDS.matcher(given).matches() ? given : fresh();
    context.attribute(ID, id);
    context.header(ID, id);
    boolean open =
        context.method() == HandlerType.OPTIONS || OPEN.matcher(context.path()).matches();
    if (keys == null || open || isKey(context)) {
      return;
    }
    context.header("WWW-Authenticate", "Bearer");
    throw new Refused(
        401, "The request has no key that is known; expected Authorization: Bearer KEY.");
  }

  /** Tells requests apart; nothing depends on its being unguessable. */
  private static String fresh() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return HexFormat.of().toHexDigits(random.nextLong())
        + HexFormat.of().toHexDigits(random.nextLong());
  }

  private boolean isKey(Context context) {
    String header = context.header("Authorization");
    String key =
        header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? header.substring(BEARER.length()).strip()
            : context.header("X-API-Key");
    if (key == null) {
      return false;
    }
    byte[] digest = digest(key);
    boolean known = false;
    for (byte[] each : keys) {
      known |= MessageDigest.isEqual(each, digest);
    }
    return known;
  }

  static String id(Context context) {
    return context.attribute(ID);
  }

  /** Notes a request that has been answered. */
  void note(Context context, float millis) {
    int status = context.statusCode();
    String model = Exchange.model(context);
    String version = Exchange.version(context);
    String endpoint = Exchange.endpoint(context);
    meters.request(endpoint, model, version, status, (long) (millis * 1e6));
    if (log) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("time", Instant.now().toString());
      line.put("id", id(context));
      line.put("client", context.ip());
      line.put("method", context.method().name());
      line.put("path", context.path());
      line.put("endpoint", endpoint);
      line.put("model", model);
      line.put("version", version);
      line.put("status", status);
      line.put("bytes", context.req().getContentLengthLong());
      line.put("millis", millis);
      LOG.info("{}", Json.line(line));
    }
  }
}
