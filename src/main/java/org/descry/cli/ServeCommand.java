package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.descry.engine.Engine;
import org.descry.engine.Memory;
import org.descry.serve.ServerSettings;
import org.descry.serve.http.Server;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code descry serve}: models behind HTTP. */
@Command(name = "serve", description = "Serves a model, or a folder of models, over HTTP.")
final class ServeCommand extends BaseCommand {
  private static final int MOST = 65_536;
  private static final int LARGEST_BATCH = 128;

  @Parameters(
      index = "0",
      paramLabel = "MODEL.zip|DIR",
      description = "A model, or a folder of NAME/VERSION/model.zip and NAME.zip.")
  private Path path;

  @Option(
      names = "--host",
      description =
          "Address to listen on; 0.0.0.0 for all of this machine's (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      description = "Port to listen on; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port = 8080;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Threads that compute, for each model (default: one a processor). The engine's threads"
              + " are shared out among them.")
  private Integer workers;

  @Option(
      names = "--max-batch",
      paramLabel = "N",
      description = "Most questions that are answered together (default: ${DEFAULT-VALUE}).")
  private int maxBatch = 64;

  @Option(
      names = "--max-delay",
      paramLabel = "MILLIS",
      description =
          "How long a worker waits for a fuller batch while others are at work (default:"
              + " ${DEFAULT-VALUE}).")
  private int maxDelay = 2;

  @Option(
      names = "--queue",
      paramLabel = "N",
      description = "Most questions that wait, for each model (default: ${DEFAULT-VALUE}).")
  private int queue = 1024;

  @Option(
      names = "--max-request",
      paramLabel = "BYTES",
      description = "Largest body of a request (default: ${DEFAULT-VALUE}).")
  private int maxRequest = 8 << 20;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "For requests that name none themselves (default: ${DEFAULT-VALUE}).")
  private int timeout = 30;

  @Option(
      names = "--poll",
      paramLabel = "SECONDS",
      description = "How often models' files are looked at (default: ${DEFAULT-VALUE}).")
  private int poll = 5;

  @Option(
      names = "--memory",
      paramLabel = "MB",
      description =
          "Most that all models' parameters take together (default: half of the machine's).")
  private Long memory;

  @Mixin private EngineOptions.PrecisionOption precision;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "A file with a key a line; requests must bring one of them.")
  private Path apiKeys;

  @ArgGroup(exclusive = false)
  private TlsFiles tls;

  @Option(
      names = "--cors",
      paramLabel = "ORIGIN",
      description = "A site whose pages may ask, such as https://example.org (default: none).")
  private String cors;

  @Option(names = "--no-access-log", description = "Do not log requests.")
  private boolean noAccessLog;

  /** Both or neither. */
  private static final class TlsFiles {
    @Option(
        names = "--tls-cert",
        required = true,
        paramLabel = "FILE",
        description = "Certificate chain, PEM; serves HTTPS.")
    private Path certificate;

    @Option(
        names = "--tls-key",
        required = true,
        paramLabel = "FILE",
        description = "Its private key, PEM (PKCS #8, not encrypted).")
    private Path key;
  }

  @Override
  public Integer call() throws InterruptedException {
    int processors = Runtime.getRuntime().availableProcessors();
    int threads = workers == null ? processors : workers;
    require(threads >= 1 && threads <= 1024, "--workers", threads, "1 to 1024");
    require(!host.isBlank(), "--host", "''", "an address of this machine");
    require(port >= 0 && port < MOST, "--port", port, "0 to 65535");
    require(
        maxBatch >= 1 && maxBatch <= LARGEST_BATCH,
        "--max-batch",
        maxBatch,
        "1 to " + LARGEST_BATCH);
    require(maxDelay >= 0 && maxDelay <= 1000, "--max-delay", maxDelay, "0 to 1000");
    require(queue >= 1 && queue <= MOST, "--queue", queue, "1 to " + MOST);
    require(maxRequest >= 1024, "--max-request", maxRequest, "1024 or more");
    require(timeout >= 1 && timeout <= 3600, "--timeout", timeout, "1 to 3600");
    require(poll >= 1, "--poll", poll, "1 or more");
    require(memory == null || memory >= 1, "--memory", memory, "1 or more");
    PrintWriter err = err();
    err.println(Engine.start(null, Math.max(1, processors / threads)));
    err.flush();
    ServerSettings settings = settings(threads);
    CountDownLatch stopped = new CountDownLatch(1);
    try (Interruption interruption = new Interruption(stopped::countDown, null);
        Server server = Server.start(path, settings)) {
      PrintWriter out = out();
      out.printf(
          "Serving %s on %s://%s:%s%n",
          path, tls == null ? "http" : "https", inAddress(host), server.port());
      out.flush();
      stopped.await();
    }
    return 0;
  }

  /** A host as it stands in an address: IPv6 has brackets there. */
  private static String inAddress(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private ServerSettings settings(int threads) {
    return new ServerSettings(
        host,
        port,
        threads,
        maxBatch,
        Duration.ofMillis(maxDelay),
        queue,
        maxRequest,
        Duration.ofSeconds(timeout),
        Duration.ofSeconds(poll),
        memory == null ? Memory.limit() : Memory.product(memory, 1_000_000),
        apiKeys,
        tls == null ? null : new ServerSettings.Tls(tls.certificate, tls.key),
        cors,
        EngineOptions.PrecisionOption.requireHere(precision.get(), this),
        !noAccessLog);
  }
}
