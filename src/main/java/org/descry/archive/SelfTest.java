package org.descry.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A fixed batch with the answers that the network gave when its zip was written: whoever loads it
 * elsewhere sees whether it is the same network still. Answers differ a little from one processor
 * and native library to another.
 *
 * @param tolerance largest difference, to be multiplied by an answer's size where that is above 1
 * @param inputs in the network's order
 * @param outputs likewise
 */
public record SelfTest(double tolerance, List<Values> inputs, List<Values> outputs) {
  private static final double TOLERANCE = 1e-4;
  private static final int ROWS = 2;
  private static final int STEPS = 3;
  private static final int MOST_ROWS = 4;
  private static final long SEED = 0x5E1F;

  /** So many values of an input are worth a second row. */
  private static final long SMALL = 1 << 16;

  public SelfTest {
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
    outputs = outputs == null ? List.of() : List.copyOf(outputs);
  }

  /**
   * An array.
   *
   * @param name of the network's input or output
   * @param shape of the array
   * @param data its float32 values in row-major order, little-endian, in Base64
   */
  public record Values(String name, List<Long> shape, String data) {
    public Values {
      shape = shape == null ? List.of() : List.copyOf(shape);
    }

    private static Values of(String name, INDArray array) {
      float[] values = array.castTo(DataType.FLOAT).dup('c').data().asFloat();
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      return new Values(
          name,
          Arrays.stream(array.shape()).boxed().toList(),
          Base64.getEncoder().encodeToString(bytes.array()));
    }

    private float[] values() {
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode(data == null ? "" : data))
              .order(ByteOrder.LITTLE_ENDIAN);
      float[] values = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(values);
      return values;
    }

    /**
     * Whether there are as many as the shape says, all finite.
     *
     * @param below what words' numbers are smaller than; 0 of other values
     */
    private boolean hasValues(int below) {
      try {
        float[] values = values();
        boolean good = values.length == shape.stream().reduce(1L, (a, b) -> a * b);
        for (float value : values) {
          good &= Float.isFinite(value) && (below == 0 || (value >= 0 && value < below));
        }
        return good;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    private long[] dimensions() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /** Asks a network; the batch is the same for all networks of the same inputs. */
  static SelfTest of(Manifest manifest, ComputationGraph network) {
    NetworkInputs takes = new NetworkInputs(manifest, network);
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> names = takes.names();
    INDArray[] arrays = new INDArray[names.size()];
    boolean small =
        names.stream()
            .allMatch(
                name ->
                    Arrays.stream(takes.shape(name, 1, STEPS)).reduce(1, (a, b) -> a * b) <= SMALL);
    for (int i = 0; i < arrays.length; i++) {
      long[] shape = takes.shape(names.get(i), small ? ROWS : 1, STEPS);
      float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      for (int k = 0; k < values.length; k++) {
        // Sixteenths take less room in the zip than other numbers.
        values[k] =
            takes.isWords(names.get(i))
                ? random.nextInt(Math.max(1, takes.words()))
                : random.nextInt(-32, 33) / 16f;
      }
      arrays[i] = Nd4j.create(values, shape, 'c');
    }
    INDArray[] answers = answers(network, arrays);
    return new SelfTest(
        TOLERANCE,
        named(names, arrays),
        named(network.getConfiguration().getNetworkOutputs(), answers));
  }

  /**
   * What a graph that is no model's own answered, for whoever runs it elsewhere.
   *
   * @param inputs by name, in the graph's order
   * @param outputs likewise
   */
  public static SelfTest of(Map<String, INDArray> inputs, Map<String, INDArray> outputs) {
    return new SelfTest(TOLERANCE, named(inputs), named(outputs));
  }

  private static List<Values> named(Map<String, INDArray> arrays) {
    return arrays.entrySet().stream()
        .map(array -> Values.of(array.getKey(), array.getValue()))
        .toList();
  }

  private static List<Values> named(List<String> names, INDArray[] arrays) {
    List<Values> values = new ArrayList<>();
    for (int i = 0; i < arrays.length; i++) {
      values.add(Values.of(names.get(i), arrays[i]));
    }
    return values;
  }

  /** Of a network with buffers of its own, so that a training is not disturbed. */
  private static INDArray[] answers(ComputationGraph network, INDArray... inputs) {
    ComputationGraph replica = new ComputationGraph(network.getConfiguration().clone());
    replica.init(network.params(), false);
    INDArray[] cast =
        Arrays.stream(inputs)
            .map(input -> input.castTo(network.params().dataType()))
            .toArray(INDArray[]::new);
    return replica.output(false, cast);
  }

  /**
   * The largest difference of an answer from the recorded one.
   *
   * @param allowed as the tolerance, if it is more
   * @throws DescryException if it is larger than the tolerance, or the batch is none for the
   *     network
   */
  public double check(Path file, Manifest manifest, ComputationGraph network, double allowed) {
    NetworkInputs takes = new NetworkInputs(manifest, network);
    requireFit(file, takes);
    INDArray[] given =
        answers(
            network,
            inputs.stream()
                .map(input -> Nd4j.create(input.values(), input.dimensions(), 'c'))
                .toArray(INDArray[]::new));
    double largest = 0;
    for (int i = 0; i < given.length; i++) {
      float[] now = given[i].castTo(DataType.FLOAT).dup('c').data().asFloat();
      float[] then = i < outputs.size() ? outputs.get(i).values() : new float[0];
      if (now.length != then.length) {
        throw unfit(file);
      }
      for (int k = 0; k < now.length; k++) {
        double difference = Math.abs((double) now[k] - then[k]) / Math.max(1, Math.abs(then[k]));
        largest =
            Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
      }
    }
    double most = Math.max(tolerance, allowed);
    if (!(largest <= most)) {
      throw Refusal.of(
          file,
          "its answers to the batch in %s differ from the recorded by %.2g; expected at most %.2g.",
          ModelArchive.SELF_TEST,
          largest,
          most);
    }
    return largest;
  }

  private void requireFit(Path file, NetworkInputs takes) {
    boolean fits =
        inputs.size() == takes.names().size()
            && tolerance > 0
            && tolerance < 1
            && outputs.stream().allMatch(output -> output.hasValues(0));
    for (int i = 0; fits && i < inputs.size(); i++) {
      Values input = inputs.get(i);
      String name = takes.names().get(i);
      List<Long> shape = input.shape;
      fits =
          name.equals(input.name)
              && shape.size() >= 2
              && shape.get(0) >= 1
              && shape.get(0) <= MOST_ROWS
              && shape.get(1) >= 1
              && (!takes.isWords(name) || shape.get(1) <= MOST_ROWS)
              && Arrays.equals(
                  input.dimensions(),
                  takes.shape(name, shape.get(0).intValue(), shape.get(1).intValue()))
              && input.hasValues(takes.isWords(name) ? takes.words() : 0);
    }
    if (!fits) {
      throw unfit(file);
    }
  }

  private static DescryException unfit(Path file) {
    return Refusal.of(
        file,
        "%s is no batch for the network; expected one that Descry wrote.",
        ModelArchive.SELF_TEST);
  }
}
