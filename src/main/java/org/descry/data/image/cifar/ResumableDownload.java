package org.descry.data.image.cifar;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.descry.DataException;
import org.descry.DescryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches a file over HTTP, going on where an earlier attempt stopped (RFC 9110, section 14). */
final class ResumableDownload implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ResumableDownload.class);
  private static final int ATTEMPTS = 4;
  private static final int BUFFER_BYTES = 1 << 17;

  private final URI address;
  private final Path part;
  private final Duration timeout;
  private final HttpClient client;

  /** Reads the body, because a read of its own has no timeout. */
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "descry-download");
            thread.setDaemon(true);
            return thread;
          });

  private ResumableDownload(URI address, Path part, Duration timeout) {
    this.address = address;
    this.part = part;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  /**
   * Fills {@code part} to the end; what it holds already is taken as the file's beginning.
   *
   * @throws DescryException if the server refuses, or the connection breaks time after time
   */
  static void fetch(URI address, Path part, Duration timeout) {
    try (ResumableDownload download = new ResumableDownload(address, part, timeout)) {
      download.run();
    }
  }

  private void run() {
    for (int attempt = 1; ; attempt++) {
      try {
        transfer();
        return;
      } catch (ConnectException | HttpConnectTimeoutException e) {
        throw new DataException(
            "Download of " + address + " failed: no connection (" + e + ").", e);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw new DataException(
              "Download of %s broke off %s times, the last time with '%s'; %s keeps what came and the next run goes on from there."
                  .formatted(address, ATTEMPTS, e, part),
              e);
        }
        log.warn("download of {} broke off ({}), going on", address, e.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DataException("Download of " + address + " was interrupted.", e);
      }
    }
  }

  private void transfer() throws IOException, InterruptedException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(timeout);
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      switch (response.statusCode()) {
        case 200 -> copy(body, false);
        case 206 -> copy(body, startsAt(response, have));
        case 416 -> log.info("{} is complete", part); // or too long: the checksum decides
        default ->
            throw new DataException(
                "Download of %s failed: the server answered with status %s."
                    .formatted(address, response.statusCode()));
      }
    }
  }

  private boolean startsAt(HttpResponse<?> response, long have) {
    String range = response.headers().firstValue("Content-Range").orElse("");
    if (!range.startsWith("bytes " + have + "-")) {
      throw new DataException(
          "Download of %s failed: asked for bytes from %s on, the server sent '%s'."
              .formatted(address, have, range));
    }
    return true;
  }

  private void copy(InputStream body, boolean append) throws IOException, InterruptedException {
    log.info("{} {} to {}", append ? "continuing" : "downloading", address, part);
    byte[] buffer = new byte[BUFFER_BYTES];
    StandardOpenOption mode =
        append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
    try (OutputStream out =
        Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
      for (int count = read(body, buffer); count >= 0; count = read(body, buffer)) {
        out.write(buffer, 0, count);
      }
    }
  }

  private int read(InputStream body, byte[] buffer) throws IOException, InterruptedException {
    try {
      return reader.submit(() -> body.read(buffer)).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      body.close(); // sets the reading thread free
      throw new IOException("no data for " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
