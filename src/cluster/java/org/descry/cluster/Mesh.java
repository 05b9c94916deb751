package org.descry.cluster;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /**
   * @param links to the others, by their ranks
   * @param gathers whether the first process adds up everything, and the others speak to it alone
   */
  Mesh(int rank, Link[] links, boolean gathers) {
    this.rank = rank;
    this.size = links.length;
    this.gathers = gathers;
    this.links = links;
    parts = new ByteBuffer[size];
    senders =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "descry-sum");
              thread.setDaemon(true);
              return thread;
            });
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
    sum(array, Wire.of(array.dataType()));
  }

  /** The same as {@link org.descry.replay.Group#rounded} says; numbers travel as bfloat16. */
  void sumRounded(INDArray array) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "expected numbers of FLOAT to round and add up, got " + array.dataType());
    }
    sum(array, Wire.BFLOAT16);
  }

  private void sum(INDArray array, Wire wire) {
    long start = System.nanoTime();
    calls++;
    try {
      int length = Math.toIntExact(array.length());
      ByteBuffer whole = sized(own, length * wire.width());
      own = whole;
      ByteBuffer memory = memory(array);
      wire.pack(memory, whole, length);
      if (gathers || length < SHORT) {
        gather(whole, wire);
      } else {
        scatter(whole, length, wire);
      }
      wire.unpack(whole, memory, length);
    } catch (IOException e) {
      throw lost(e);
    }
    nanos += System.nanoTime() - start;
  }

  private UncheckedIOException lost(IOException e) {
    return new UncheckedIOException(
        "rank %s lost another one: %s".formatted(rank, e.getMessage()), e);
  }

  /** As {@link org.descry.replay.Group#exchange}. */
  List<byte[]> exchange(byte[] own) {
    calls++;
    byte[][] all = new byte[size][];
    all[rank] = own;
    try {
      if (gathers) {
        exchangeByFirst(all);
      } else {
        List<Future<?>> moving = new ArrayList<>();
        for (int i = 1; i < size; i++) {
          int other = (rank + i) % size;
          moving.add(senders.submit(() -> send(other, own)));
          moving.add(senders.submit(() -> all[other] = receive(other)));
        }
        await(moving);
      }
    } catch (IOException e) {
      throw lost(e);
    }
    return List.of(all);
  }

  private void exchangeByFirst(byte[][] all) throws IOException {
    if (rank > 0) {
      send(0, all[rank]);
    }
    for (int of = 0; of < size; of++) {
      all[of] = of == rank ? all[of] : receive(rank == 0 ? of : 0);
    }
    for (int to = 1; rank == 0 && to < size; to++) {
      for (int of = 0; of < size; of++) {
        if (of != to) {
          send(to, all[of]);
        }
      }
    }
  }

  /** The bytes of an array's elements, in the machine's order. */
  private static ByteBuffer memory(INDArray array) {
    int width = array.dataType().width();
    int from = Math.toIntExact(array.offset() * width);
    return array
        .data()
        .pointer()
        .asByteBuffer()
        .slice(from, Math.toIntExact(array.length() * width))
        .order(ByteOrder.nativeOrder());
  }

  private static ByteBuffer sized(ByteBuffer buffer, int length) {
    ByteBuffer fits =
        buffer == null || buffer.capacity() < length ? ByteBuffer.allocate(length) : buffer;
    return fits.clear().limit(length).order(ByteOrder.nativeOrder());
  }

  private void gather(ByteBuffer whole, Wire wire) throws IOException {
    if (rank > 0) {
      send(0, whole, 0, whole.limit());
      receive(0, whole, 0, whole.limit());
      return;
    }
    for (int other = 1; other < size; other++) {
      receive(other, part(other, whole.limit()), 0, whole.limit());
    }
    add(whole, 0, whole.limit(), wire);
    List<Future<?>> sending = new ArrayList<>();
    for (int other = 1; other < size; other++) {
      int to = other;
      sending.add(senders.submit(() -> send(to, whole, 0, whole.limit())));
    }
    await(sending);
  }

  private void scatter(ByteBuffer whole, int length, Wire wire) throws IOException {
    int width = wire.width();
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
    add(whole, from, count, wire);
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

  /** Adds what the others have sent to a stretch of this one's numbers, in the ranks' order. */
  private void add(ByteBuffer whole, int from, int count, Wire wire) {
    parts[rank] = whole.slice(from, count).order(ByteOrder.nativeOrder());
    wire.add(parts, count, parts[rank]);
    parts[rank] = null;
  }

  private int bound(int part, int length) {
    return (int) ((long) part * length / size);
  }

  private ByteBuffer part(int of, int length) {
    parts[of] = sized(parts[of], length);
    return parts[of];
  }

  private Void send(int to, ByteBuffer from, int begin, int length) throws IOException {
    links[to].send(calls, from.array(), from.arrayOffset() + begin, length);
    synchronized (this) {
      bytes += length;
    }
    return null;
  }

  private Void send(int to, byte[] all) throws IOException {
    return send(to, ByteBuffer.wrap(all), 0, all.length);
  }

  private byte[] receive(int from) throws IOException {
    return links[from].receive(calls);
  }

  private Void receive(int from, ByteBuffer to, int begin, int length) throws IOException {
    links[from].receive(calls, to.array(), to.arrayOffset() + begin, length);
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
    Links.close(links);
  }
}
