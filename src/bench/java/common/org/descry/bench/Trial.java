package org.descry.bench;

import java.io.IOException;
import java.nio.file.Path;

/** The life of a measuring JVM: one peer, one workload, one result file. */
public final class Trial {
  private Trial() {}

  /** Threads that a peer may compute with, the same for all. */
  public static int threads() {
    return Integer.getInteger("bench.threads", Runtime.getRuntime().availableProcessors());
  }

  /**
   * Runs a workload and ends the JVM, whatever threads the peer's libraries have left behind. A
   * peer that cannot run on this machine leaves why.
   *
   * @param args the workload's id and the file for the measurement
   * @throws IOException if the file cannot be written
   */
  public static void run(Peer peer, String[] args) throws IOException {
    Path result = Path.of(args[1]);
    String obstacle = peer.obstacle();
    if (obstacle != null) {
      Measurement.writeObstacle(obstacle, result);
      System.exit(0);
    }
    Workload workload = Workload.byId(args[0]);
    Meter.Limits limits =
        new Meter.Limits(
            seconds("warmUp", 1),
            seconds("measure", 1.5),
            seconds("limit", 3),
            seconds("patience", 2));
    Meter meter = new Meter(limits, peer::offHeapBytes);
    workload.body().accept(peer, meter);
    meter.measurement(peer.engine()).write(result);
    System.exit(0);
  }

  private static double seconds(String name, double otherwise) {
    return Double.parseDouble(System.getProperty("bench." + name, Double.toString(otherwise)));
  }
}
