package org.descry.cluster;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adds up arrays over processes, each connected to each: one of them adds a stretch of the
 * elements, rank after rank from 0 on, and sends the sums to all (reduce-scatter, then all-gather:
 * a process sends and receives twice the array, however many there are). Short arrays, and all of
 * them where that is asked for, are added by the first process. Either way an element is added in
 * the same order. For one thread.
 */
final class Mesh implements Closeable {
  /** Shorter ones are not worth a message to each. */
  private static final int SHORT = 4096;

  private final int rank;
  private final int size;
  private final boolean gathers;
  private final Link[] links;
  private final ExecutorService senders;
  private final ByteBuffer[] parts;
  private ByteBuffer own = ByteBuffer.allocate(0);
  private int calls;
  private long nanos;
  private long bytes;

  private Mesh(int rank, int size, boolean gathers) {
    this.rank = rank;
    this.size = size;
    this.gathers = gathers;
    links = new Link[size];
    parts = new ByteBuffer[size];
    senders =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "descry-sum");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Connects all processes: each calls those of lower rank and is called by the others.
   *
   * @param server where this one is called
   * @param all addresses by rank
   * @param gathers whether the first process adds up everything
   * @throws IOException if one of them does not answer in time or does not know the secret
   */
  static Mesh connect(
      int rank,
      ServerSocket server,
      List<InetSocketAddress> all,
      byte[] secret,
      int timeoutMillis,
      boolean gathers)
      throws IOException {
    Mesh mesh = new Mesh(rank, all.size(), gathers);
    boolean connected = false;
    try {
      for (int other = 0; other < rank; other++) {
        Link link = Link.call(all.get(other), secret, rank, timeoutMillis);
        mesh.links[other] = link;
        if (link.peer() != other) {
          throw new IOException(
              "expected rank %s at %s, got %s".formatted(other, all.get(other), link.peer()));
        }
      }
      server.setSoTimeout(timeoutMillis);
      for (int missing = all.size() - 1 - rank; missing > 0; ) {
        Link link = stranger(server, secret, rank, timeoutMillis);
        if (link != null && link.peer() > rank && link.peer() < all.size()) {
          mesh.links[link.peer()] = link;
          missing--;
        }
      }
      connected = true;
      return mesh;
    } finally {
      if (!connected) {
        mesh.close();
      }
    }
  }

  /** Null for a caller that is none of us: whoever scans ports does not end a training. */
  private static Link stranger(ServerSocket server, byte[] secret, int rank, int timeoutMillis)
      throws IOException {
    var socket = server.accept();
    try {
      return Link.answer(socket, secret, rank, timeoutMillis);
    } catch (IOException e) {
      return null;
    }
  }

  /** Seconds that sums took, waiting for slower processes included. */
  double seconds() {
    return nanos / 1e9;
  }

  /** That this process has sent. */
  long bytes() {
    return bytes;
  }

  /** As {@link org.descry.engine.Ranks.Sum}. */
  void sum(INDArray array) {
    long start = System.nanoTime();
    calls++;
    try {
      int width = width(array.dataType());
      int length = Math.toIntExact(array.length());
      ByteBuffer whole = sized(own, length * width);
      own = whole;
      ByteBuffer memory = memory(array);
      whole.put(memory.duplicate()).flip();
      if (gathers || length < SHORT) {
        gather(whole, array.dataType());
      } else {
        scatter(whole, length, array.dataType());
      }
      memory.put(whole.duplicate());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "rank %s lost another one: %s".formatted(rank, e.getMessage()), e);
    }
    nanos += System.nanoTime() - start;
  }

  private static int width(DataType type) {
    if (type != DataType.FLOAT && type != DataType.DOUBLE) {
      throw new IllegalArgumentException(
          "expected numbers of FLOAT or DOUBLE to add up, got " + type);
    }
    return type.width();
  }

  /** The bytes of an array's elements, in the machine's order. */
  private static ByteBuffer memory(INDArray array) {
    int width = array.dataType().width();
    ByteBuffer all = array.data().pointer().asByteBuffer();
    int from = Math.toIntExact(array.offset() * width);
    return all.duplicate()
        .order(all.order())
        .position(from)
        .limit(from + Math.toIntExact(array.length() * width))
        .slice()
        .order(java.nio.ByteOrder.nativeOrder());
  }

  private static ByteBuffer sized(ByteBuffer buffer, int length) {
    ByteBuffer fits =
        buffer == null || buffer.capacity() < length ? ByteBuffer.allocate(length) : buffer;
    return fits.clear().limit(length).order(java.nio.ByteOrder.nativeOrder());
  }

  private void gather(ByteBuffer whole, DataType type) throws IOException {
    if (rank > 0) {
      send(0, whole, 0, whole.limit());
      receive(0, whole, 0, whole.limit());
      return;
    }
    for (int other = 1; other < size; other++) {
      ByteBuffer part = part(other, whole.limit());
      receive(other, part, 0, part.limit());
      add(part, whole, 0, type);
    }
    List<Future<?>> sending = new ArrayList<>();
    for (int other = 1; other < size; other++) {
      int to = other;
      sending.add(senders.submit(() -> send(to, whole, 0, whole.limit())));
    }
    await(sending);
  }

  private void scatter(ByteBuffer whole, int length, DataType type) throws IOException {
    int width = type.width();
    int from = bound(rank, length) * width;
    int count = bound(rank + 1, length) * width - from;
    List<Future<?>> sending = new ArrayList<>();
    for (int i = 1; i < size; i++) {
      int to = (rank + i) % size;
      int begin = bound(to, length) * width;
      int end = bound(to + 1, length) * width;
      sending.add(senders.submit(() -> send(to, whole, begin, end - begin)));
    }
    List<Future<?>> receiving = new ArrayList<>();
    for (int i = 1; i < size; i++) {
      int of = (rank + i) % size;
      ByteBuffer part = part(of, count);
      receiving.add(senders.submit(() -> receive(of, part, 0, count)));
    }
    await(receiving);
    await(sending);
    ByteBuffer mine = part(rank, count);
    mine.put(0, whole, from, count);
    for (int of = 0; of < size; of++) {
      if (of == 0) {
        whole.put(from, part(0, count), 0, count);
      } else {
        add(part(of, count), whole, from, type);
      }
    }
    List<Future<?>> spreading = new ArrayList<>();
    for (int i = 1; i < size; i++) {
      int other = (rank + i) % size;
      int begin = bound(other, length) * width;
      int end = bound(other + 1, length) * width;
      spreading.add(senders.submit(() -> send(other, whole, from, count)));
      spreading.add(senders.submit(() -> receive(other, whole, begin, end - begin)));
    }
    await(spreading);
  }

  private int bound(int part, int length) {
    return (int) ((long) part * length / size);
  }

  private ByteBuffer part(int of, int length) {
    parts[of] = sized(parts[of], length);
    return parts[of];
  }

  /** {@code to[from + i] = to[from + i] + part[i]}, in the type's own precision. */
  private static void add(ByteBuffer part, ByteBuffer to, int from, DataType type) {
    int length = part.limit();
    if (type == DataType.FLOAT) {
      for (int at = 0; at < length; at += Float.BYTES) {
        to.putFloat(from + at, to.getFloat(from + at) + part.getFloat(at));
      }
    } else {
      for (int at = 0; at < length; at += Double.BYTES) {
        to.putDouble(from + at, to.getDouble(from + at) + part.getDouble(at));
      }
    }
  }

  /** A message: which sum it belongs to, how long it is, and the numbers. */
  private Void send(int to, ByteBuffer from, int begin, int length) throws IOException {
    var out = links[to].out();
    out.writeInt(calls);
    out.writeInt(length);
    out.write(from.array(), from.arrayOffset() + begin, length);
    out.flush();
    synchronized (this) {
      bytes += length;
    }
    return null;
  }

  private Void receive(int from, ByteBuffer to, int begin, int length) throws IOException {
    DataInputStream in = links[from].in();
    int call = in.readInt();
    int given = in.readInt();
    if (call != calls || given != length) {
      throw new IOException(
          "rank %s sent %s bytes for sum %s; expected %s for %s"
              .formatted(from, given, call, length, calls));
    }
    in.readFully(to.array(), to.arrayOffset() + begin, length);
    return null;
  }

  private static void await(List<Future<?>> tasks) throws IOException {
    for (Future<?> task : tasks) {
      try {
        task.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      }
    }
  }

  @Override
  public void close() throws IOException {
    senders.shutdownNow();
    for (Link link : links) {
      if (link != null) {
        link.close();
      }
    }
  }
}
