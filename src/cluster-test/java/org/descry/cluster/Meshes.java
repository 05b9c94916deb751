package org.descry.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.descry.testing.Together;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Ranks of a mesh as threads of one program. */
final class Meshes {
  static final Secret SECRET = Secret.draw(false);

  /** Milliseconds. */
  static final int TIMEOUT = 5000;

  private Meshes() {}

  interface Work<T> {
    T run(Mesh mesh, int rank) throws Exception;
  }

  /** Each rank on a thread of its own. */
  static <T> List<T> all(int size, boolean gathers, Work<T> work) throws Exception {
    return all(size, gathers, SECRET, work);
  }

  static <T> List<T> all(int size, boolean gathers, Secret secret, Work<T> work) throws Exception {
    List<ServerSocket> servers = new ArrayList<>();
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      servers.add(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
      addresses.add((InetSocketAddress) servers.get(i).getLocalSocketAddress());
    }
    try {
      List<Callable<T>> tasks = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int rank = i;
        tasks.add(
            () -> {
              try (Mesh mesh =
                  Links.connect(rank, servers.get(rank), addresses, secret, TIMEOUT, gathers)) {
                return work.run(mesh, rank);
              }
            });
      }
      return Together.run(tasks);
    } finally {
      for (ServerSocket server : servers) {
        server.close();
      }
    }
  }

  static INDArray numbers(int rank, DataType type, int length) {
    Random random = new Random(rank);
    double[] values = new double[length + 3];
    Arrays.setAll(values, i -> random.nextGaussian() * Math.pow(10, random.nextInt(8)));
    // A stretch of a longer array, as gradients may be.
    return Nd4j.createFromArray(values).castTo(type).get(NDArrayIndex.interval(3, length + 3));
  }
}
