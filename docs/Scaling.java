import java.util.Locale;

/**
 * Predicts how a training speeds up with executors: {@code java docs/Scaling.java}. What a step
 * takes is computing, which is divided; the sum of the gradients, whose bytes are not; messages;
 * waiting for the slowest; and the update, which everyone makes.
 */
public final class Scaling {
  /** Measured on loopback: what a sum costs beyond the wire, see docs/scaling.md. */
  private static final double SECONDS_PER_BYTE = 1.6e-9;

  private static final double SECONDS_PER_MESSAGE = 10e-6;

  /** Measured on loopback, with 50 us more for a switched network: an assumption. */
  private static final double LATENCY = 100e-6;

  /** How much an executor's time for a shard varies from step to step: an assumption. */
  private static final double JITTER = 0.05;

  private Scaling() {}

  /**
   * @param perExample seconds of both passes for an example
   * @param fixed seconds of a step that no shard is too small for, and of the update
   * @param normalized layers with batch normalisation, three sums each
   */
  private record Network(
      String name, long parameters, int batch, double perExample, double fixed, int normalized) {}

  private static double step(Network net, int executors, double bitsPerSecond, int batch) {
    double shard = Math.ceil((double) batch / executors) * net.perExample;
    if (executors == 1) {
      return shard + net.fixed;
    }
    double slowest = 1 + JITTER * Math.sqrt(2 * Math.log(executors));
    double moved = 2.0 * 4 * net.parameters * (executors - 1) / executors;
    double wire = moved * 8 / bitsPerSecond;
    double handling = moved * SECONDS_PER_BYTE;
    double messages = 2 * (LATENCY + (executors - 1) * SECONDS_PER_MESSAGE);
    // Batch norm's sums, the score's and the one that agrees when to stop.
    double small = (3 * net.normalized + 2) * messages;
    return shard * slowest + net.fixed + Math.max(wire, handling) + messages + small;
  }

  public static void main(String[] args) {
    // Two cores an executor, from the steps of 100 and of fewer in docs/benchmarks.md.
    Network[] networks = {
      new Network("three-layer network", 188_810, 100, 0.159e-3, 1.7e-3, 0),
      new Network("ResNet-20", 272_474, 128, 2.31e-3, 12.0e-3, 19),
      new Network("captioner", 4_947_802, 100, 0.477e-3, 4.3e-3, 0)
    };
    for (Network net : networks) {
      for (boolean fixedBatch : new boolean[] {true, false}) {
        System.out.printf(
            "%n%s, %s%n| executors | 1 Gbit/s | 10 Gbit/s | 100 Gbit/s |%n|---:|---:|---:|---:|%n",
            net.name,
            fixedBatch
                ? "batches of " + net.batch + " in all"
                : "batches of " + net.batch + " an executor");
        for (int executors = 1; executors <= 1024; executors *= 2) {
          if (fixedBatch && executors > net.batch) {
            break;
          }
          System.out.printf("| %d |", executors);
          for (double bits : new double[] {1e9, 1e10, 1e11}) {
            int batch = fixedBatch ? net.batch : net.batch * executors;
            double alone = step(net, 1, bits, net.batch);
            double perExample = step(net, executors, bits, batch) / batch;
            System.out.printf(Locale.ROOT, " %.1f |", alone / net.batch / perExample);
          }
          System.out.println();
        }
      }
    }
  }
}
