package org.descry.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.descry.engine.Engine;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What sums cost on this machine without a wire: the numbers of docs/Scaling.java. */
public final class MeshCosts {
  private static final int ROUNDS = 40;
  private static final int TIMEOUT = 60_000;

  private MeshCosts() {}

  /** Prints milliseconds a sum: of a few numbers, and of gradients. */
  public static void main(String[] args) throws Exception {
    Engine.start();
    System.out.println("| numbers | 2 ranks | 4 ranks |");
    System.out.println("|---:|---:|---:|");
    for (int length : new int[] {1, 64, 188_810, 4_947_802}) {
      System.out.printf(
          Locale.ROOT,
          "| %,d | %.3f ms | %.3f ms |%n",
          length,
          millis(2, length),
          millis(4, length));
    }
    System.exit(0);
  }

  private static double millis(int size, int length) throws Exception {
    Secret secret = Secret.draw(false);
    List<ServerSocket> servers = new ArrayList<>();
    List<InetSocketAddress> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      servers.add(new ServerSocket(0, 0, InetAddress.getLoopbackAddress()));
      all.add((InetSocketAddress) servers.get(i).getLocalSocketAddress());
    }
    double[] seconds = new double[size];
    List<Thread> ranks = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int rank = i;
      Thread thread =
          new Thread(
              () -> {
                try (Mesh mesh =
                    Links.connect(rank, servers.get(rank), all, secret, TIMEOUT, false)) {
                  INDArray array = Nd4j.zeros(DataType.FLOAT, length);
                  for (int round = 0; round < ROUNDS; round++) {
                    mesh.sum(array);
                  }
                  double warm = mesh.seconds();
                  for (int round = 0; round < ROUNDS; round++) {
                    mesh.sum(array);
                  }
                  seconds[rank] = mesh.seconds() - warm;
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      ranks.add(thread);
      thread.start();
    }
    for (Thread thread : ranks) {
      thread.join();
    }
    for (ServerSocket server : servers) {
      server.close();
    }
    return 1000 * seconds[0] / ROUNDS;
  }
}
