package org.descry.serve.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that asks a server on loopback as fast as some connections can, and says how fast that
 * was: {@code PORT PATH CONTENT-TYPE FILE CONNECTIONS SECONDS [RATE]}. At a rate, in requests a
 * second, times count from when a request was due. The first quarter is not counted.
 */
final class LoadClient {
  private LoadClient() {}

  /** How fast a server was. */
  record Result(double perSecond, double p50Millis, double p99Millis) {}

  public static void main(String[] args) throws Exception {
    byte[] request =
        request(
            args[1],
            args[2],
            Files.readAllBytes(Path.of(args[3])),
            Integer.getInteger("json", -1)); // bytes of JSON before binary tensors
    int connections = Integer.parseInt(args[4]);
    double rate = args.length > 6 ? Double.parseDouble(args[6]) : 0;
    Result result =
        ask(Integer.parseInt(args[0]), request, connections, Double.parseDouble(args[5]), rate);
    System.out.printf(
        Locale.ROOT,
        "%-60s %3d connections: %7.0f requests/s, p50 %6.2f ms, p99 %6.2f ms%n",
        args[1],
        connections,
        result.perSecond,
        result.p50Millis,
        result.p99Millis);
  }

  /**
   * @param rate requests a second of all together; 0 for as many as there can be
   */
  static Result ask(int port, byte[] request, int connections, double seconds, double rate)
      throws InterruptedException, ExecutionException, IOException {
    long nanos = (long) (seconds * 1e9);
    long interval = rate == 0 ? 0 : (long) (1e9 * connections / rate);
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    long start = System.nanoTime();
    List<Future<long[]>> all = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      long first = start + i * interval / connections;
      all.add(threads.submit(() -> ask(port, request, first, nanos, interval)));
    }
    long[] times = new long[0];
    for (Future<long[]> each : all) {
      long[] more = each.get();
      int before = times.length;
      times = Arrays.copyOf(times, before + more.length);
      System.arraycopy(more, 0, times, before, more.length);
    }
    threads.shutdown();
    if (times.length == 0) {
      throw new IOException("No answer after the first quarter; expected a longer time.");
    }
    Arrays.sort(times);
    return new Result(
        times.length / (0.75 * seconds),
        times[times.length / 2] / 1e6,
        times[(int) (times.length * 0.99)] / 1e6);
  }

  /**
   * @param json bytes of JSON before binary tensors; -1 where there are none
   */
  static byte[] request(String path, String type, byte[] body, int json) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        "POST %s HTTP/1.1\r\nHost: it\r\nContent-Type: %s\r\nContent-Length: %s\r\n"
            .formatted(path, type, body.length)
            .getBytes(StandardCharsets.US_ASCII));
    if (json >= 0) {
      request.writeBytes(
          ("Inference-Header-Content-Length: " + json + "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
    }
    request.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private static long[] ask(int port, byte[] request, long start, long nanos, long interval)
      throws IOException {
    long[] times = new long[1 << 20];
    int count = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (long now = start; now - start < nanos && count < times.length; ) {
        for (long early = now - System.nanoTime(); early > 0; early = now - System.nanoTime()) {
          LockSupport.parkNanos(early);
        }
        out.write(request);
        answer(in);
        long after = System.nanoTime();
        if (now - start > nanos / 4) {
          times[count++] = after - now;
        }
        now = interval == 0 ? after : now + interval;
      }
    }
    return Arrays.copyOf(times, count);
  }

  /** Reads an answer, which must be one. */
  private static void answer(InputStream in) throws IOException {
    String status = line(in);
    if (!status.contains(" 200 ")) {
      throw new IOException(status);
    }
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring("content-length:".length()).strip());
      }
    }
    in.skipNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
