package org.descry.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.descry.DescryException;
import org.descry.ExitCode;
import org.descry.io.Json;
import org.descry.kind.Cluster;
import org.descry.metrics.EpochMetrics;
import org.descry.train.TrainingProgress;
import org.descry.train.folder.RunCopy;
import org.descry.train.folder.RunFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where ranks tell the driver what they leave and how it goes. */
final class DriverServer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(DriverServer.class);
  private static final int LONGEST = 1 << 26;
  private static final Message[] MESSAGES = Message.values();

  private final ServerSocket server;
  private final Secret secret;
  private final int timeoutMillis;
  private final RunFolder folder;
  private final TrainingProgress progress;
  private volatile boolean stop;
  private Cluster.Result result;
  private String stopped;
  private DescryException failure;

  DriverServer(
      InetAddress host,
      Secret secret,
      int timeoutMillis,
      RunFolder folder,
      TrainingProgress progress)
      throws IOException {
    server = new ServerSocket(0, 0, host);
    this.secret = secret;
    this.timeoutMillis = timeoutMillis;
    this.folder = folder;
    this.progress = progress;
    thread(this::accept, "descry-driver").start();
  }

  private static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  int port() {
    return server.getLocalPort();
  }

  /** Answers every rank from now on that it is to stop. */
  void stop() {
    stop = true;
  }

  boolean stopWanted() {
    return stop;
  }

  /** What the first rank has told at its end; null before. */
  synchronized Cluster.Result result() {
    return result;
  }

  /** What it said when it was stopped; null if it was not. */
  synchronized String stopped() {
    return stopped;
  }

  /** Why a rank has given up, if it was for a reason of its own; forgets it. */
  synchronized DescryException takeFailure() {
    DescryException taken = failure;
    failure = null;
    return taken;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        thread(() -> serve(socket), "descry-rank").start();
      } catch (IOException e) {
        if (!server.isClosed()) {
          LOG.warn("A rank cannot be heard: {}", e.getMessage());
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (Link link = Link.answer(socket, secret, -1, timeoutMillis)) {
      socket.setSoTimeout(0); // a rank that is lost is Spark's to notice
      while (true) {
        int kind = link.in().read();
        if (kind < 0) {
          return;
        }
        hear(MESSAGES[kind], link);
        link.out().writeBoolean(stop);
        link.out().flush();
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("A rank is no longer heard", e);
      fail(e);
    }
  }

  private synchronized void fail(Exception e) {
    if (e instanceof DescryException own && failure == null) {
      failure = own;
    }
  }

  private synchronized void hear(Message kind, Link link) throws IOException {
    DataInputStream in = link.in();
    int length = in.readInt();
    if (length < 0 || length > LONGEST) {
      throw new IOException(
          "expected a message of at most %s bytes, got %s".formatted(LONGEST, length));
    }
    String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    int content = in.readInt();
    if (kind == Message.FILE) {
      new RunCopy(folder).put(text, out -> copy(in, out, content));
      return;
    }
    JsonNode json = Json.MAPPER.readTree(text);
    switch (kind) {
      case STARTED -> progress.started(Json.MAPPER.treeToValue(json, TrainingProgress.Plan.class));
      case GOES_ON -> progress.goesOn(json.get(0).intValue(), json.get(1).intValue());
      case NOTE -> progress.note(json.textValue());
      case STEP ->
          progress.step(
              json.get(0).intValue(),
              json.get(1).intValue(),
              json.get(2).doubleValue(),
              json.get(3).doubleValue());
      case EPOCH, BEST_EPOCH ->
          progress.epoch(
              Json.MAPPER.treeToValue(json, EpochMetrics.class), kind == Message.BEST_EPOCH);
      case FILES -> {
        Set<String> names = new HashSet<>();
        json.forEach(name -> names.add(name.textValue()));
        new RunCopy(folder).keepOnly(names);
      }
      case DONE -> result = Json.MAPPER.treeToValue(json, Cluster.Result.class);
      case STOPPED -> stopped = json.textValue();
      case FAILED -> {
        if (failure == null) {
          failure =
              new RankException(ExitCode.valueOf(json.get(0).textValue()), json.get(1).textValue());
        }
      }
      default -> throw new IOException("unknown message " + kind);
    }
  }

  private static void copy(InputStream in, OutputStream out, int length) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int left = length; left > 0; ) {
      int read = in.read(buffer, 0, Math.min(buffer.length, left));
      if (read < 0) {
        throw new IOException("the rank broke off");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
