package org.descry.serve.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.SizeUnit;
import io.javalin.plugin.bundled.CorsPluginConfig;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
import org.descry.serve.Meters;
import org.descry.serve.ServerSettings;
import org.descry.serve.model.Models;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.Container;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Models behind HTTP. */
public final class Server implements AutoCloseable {
  /** Clients that are connected at the same time. */
  private static final int MOST_CONNECTIONS = 512;

  private static final int THREADS = 64;

  private static final long IDLE_MILLIS = 30_000;
  private static final long PATIENCE_MILLIS = 15_000;

  private final ServerSettings settings;
  private final Models models;
  private final GracefulHandler taken = new GracefulHandler();
  private final Javalin javalin;

  private Server(Path path, Function<Path, TrainedModel> opener, ServerSettings settings) {
    this.settings = settings;
    Meters meters = new Meters();
    models = new Models(path, opener, settings, meters);
    Access access = new Access(settings, meters);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("serve-http");
    threads.setDaemon(true);
    Answering answering = new Answering(models, settings, meters, threads);
    javalin =
        Javalin.create(
            config -> {
              configure(config, threads);
              config.routes.before(access::check);
              config.requestLogger.http(access::note);
              if (settings.cors() != null) {
                config.bundledPlugins.enableCors(
                    cors -> cors.addRule(rule -> rule.allowHost(settings.cors())));
              }
              Errors.register(config.routes);
              Page.register(config.routes);
              new Protocol(answering).register(config.routes);
              new Tasks(answering).register(config.routes);
              config.routes.get(
                  "/metrics",
                  context ->
                      context
                          .contentType("text/plain; version=0.0.4; charset=utf-8")
                          .result(meters.text()));
            });
  }

  private void configure(JavalinConfig config, QueuedThreadPool threads) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.http.maxRequestSize = Long.MAX_VALUE; // bodies are read by Exchange
    // Javalin never ends a request whose compressed answer a client did not wait for.
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.router.ignoreTrailingSlashes = true;
    config.jetty.threadPool = threads;
    int most = (int) Math.min(Integer.MAX_VALUE, settings.maxRequest());
    config.jetty.multipartConfig.maxInMemoryFileSize(most, SizeUnit.BYTES);
    config.jetty.multipartConfig.maxFileSize(most, SizeUnit.BYTES);
    config.jetty.multipartConfig.maxTotalRequestSize(most, SizeUnit.BYTES);
    config.jetty.modifyServletContextHandler(
        handler -> handler.setMaxFormKeys(Exchange.MOST_PARTS));
    config.jetty.modifyServer(
        server -> {
          // Bodies are awaited without a thread, and what was taken is finished in the end.
          taken.setHandler(new EagerContentHandler(WholeBody.upTo(most)));
          server.setHandler(taken);
          server.setErrorHandler(new Errors.OfJetty());
          server.setStopTimeout(PATIENCE_MILLIS);
          server.setStopAtShutdown(false);
          server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
        });
    config.jetty.modifyHttpConfiguration(Server::configure);
    if (settings.tls() != null) {
      TlsConnector tls = new TlsConnector(settings.tls());
      config.jetty.addConnector(
          (server, http) -> tls.connector(server, http, settings.host(), settings.port()));
    }
  }

  private static void configure(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setIdleTimeout(IDLE_MILLIS);
  }

  /**
   * Starts to serve a model zip, or a folder of models, which are loaded meanwhile.
   *
   * @throws DescryException if there is nothing to serve, or the address cannot be listened on
   */
  public static Server start(Path path, ServerSettings settings) {
    return start(path, Kinds::open, settings);
  }

  /** As {@link #start(Path, ServerSettings)}, of models that are opened otherwise. */
  static Server start(Path path, Function<Path, TrainedModel> opener, ServerSettings settings) {
    requireFree(settings.host(), settings.port());
    requireOrigin(settings.cors());
    Server server = new Server(path, opener, settings);
    try {
      server.models.start(settings.poll().toMillis());
      server.javalin.start(settings.host(), settings.port());
      return server;
    } catch (JavalinBindException e) {
      server.close();
      throw taken(settings.host(), settings.port(), "it was taken meanwhile", e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Before models are loaded for nothing. */
  private static void requireFree(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw taken(host, port, "nothing is known by this name", null);
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      throw taken(host, port, e.getMessage(), e);
    }
  }

  private static void requireOrigin(String cors) {
    try {
      if (cors != null) {
        new CorsPluginConfig.CorsRule().allowHost(cors);
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--cors is \"%s\"; expected a site such as https://example.org.".formatted(cors), e);
    }
  }

  private static UsageException taken(String host, int port, String why, Exception cause) {
    return new UsageException(
        "%s:%s cannot be listened on (%s); expected an address of this machine and a port that is free."
            .formatted(host, port, why),
        cause);
  }

  /** All that is served: methods and paths. */
  List<String> addresses() {
    return javalin.unsafe.internalRouter.allHttpHandlers().stream()
        .map(handler -> handler.endpoint)
        .filter(endpoint -> endpoint.method.isHttpMethod())
        .map(endpoint -> endpoint.method.name() + " " + endpoint.path)
        .toList();
  }

  /** What holds the connections. */
  Container jetty() {
    return javalin.jettyServer().server();
  }

  /** The port that it listens on. */
  public int port() {
    return javalin.port();
  }

  /** Whether some model answers questions. */
  public boolean ready() {
    return models.ready();
  }

  /** Stops listening, finishes what it took, and ends. */
  @Override
  public void close() {
    // Jetty by itself ends what connections may send before it refuses what they ask.
    CompletableFuture<Void> unused = taken.shutdown(); // Jetty's own waits for it
    try {
      javalin.stop();
    } finally {
      models.close();
    }
  }
}
