package org.descry.export;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.parallelism.ParallelInference;
import org.deeplearning4j.parallelism.inference.InferenceMode;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A program that has DL4J and, if its first argument says so, Descry on its class path, and knows
 * nothing of the latter. For each two further arguments, a kind and the beginning of some files'
 * names, it prints in a line the largest difference between the answers that are expected and those
 * that it gets by {@link ComputationGraph#output} and by {@link ParallelInference} in place.
 */
final class PlainDl4j {
  private PlainDl4j() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    boolean descry = PlainDl4j.class.getResource("/org/descry/engine/Engine.class") != null;
    if (descry != Boolean.parseBoolean(args[0])) {
      throw new IllegalStateException("Descry is on the class path: " + descry);
    }
    for (int i = 1; i < args.length; i += 2) {
      String kind = args[i];
      String files = args[i + 1];
      INDArray[] inputs = inputs(files);
      INDArray expected = Nd4j.createFromNpyFile(new File(files + ".expected.npy"));
      double largest = 0;
      for (UnaryOperator<Answerer> way :
          List.<UnaryOperator<Answerer>>of(a -> a, a -> a.parallel())) {
        INDArray found =
            switch (kind) {
              case "captioner" ->
                  captions(
                      way.apply(new Answerer(files + "-encoder.zip")).output(inputs[0])[0],
                      way.apply(new Answerer(files + "-decoder.zip")),
                      inputs[1]);
              case "sequences" ->
                  way.apply(new Answerer(files + ".zip")).output(inputs)[0].permute(0, 2, 1);
              default -> way.apply(new Answerer(files + ".zip")).output(inputs)[0];
            };
        largest = Math.max(largest, difference(expected, found));
      }
      if (kind.equals("sequences") && !new File(files + ".whole").exists()) {
        INDArray found = stepwise(new Answerer(files + ".zip").network, inputs[0]);
        largest = Math.max(largest, difference(expected, found));
      }
      System.out.println(largest);
    }
  }

  private static double difference(INDArray expected, INDArray found) {
    return expected.sub(found).amaxNumber().doubleValue()
        / Math.max(1, expected.amaxNumber().doubleValue());
  }

  private static INDArray[] inputs(String files) {
    List<INDArray> inputs = new ArrayList<>();
    for (File file; (file = new File(files + ".in" + inputs.size() + ".npy")).exists(); ) {
      inputs.add(Nd4j.createFromNpyFile(file));
    }
    return inputs.toArray(INDArray[]::new);
  }

  /** A network, asked as it is or on behalf of several threads. */
  private static final class Answerer {
    private final ComputationGraph network;
    private ParallelInference inference;

    Answerer(String file) {
      try {
        network = ComputationGraph.load(new File(file), false);
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    Answerer parallel() {
      inference =
          new ParallelInference.Builder(network)
              .inferenceMode(InferenceMode.INPLACE)
              .workers(2)
              .build();
      return this;
    }

    INDArray[] output(INDArray... inputs) {
      return inference == null ? network.output(inputs) : inference.output(inputs);
    }
  }

  /** The first half at once, the others token by token. */
  private static INDArray stepwise(ComputationGraph network, INDArray words) {
    int steps = (int) words.size(1);
    INDArray[] parts = new INDArray[1 + steps - steps / 2];
    parts[0] = network.rnnTimeStep(column(words, 0, steps / 2))[0];
    for (int t = steps / 2; t < steps; t++) {
      INDArray next = network.rnnTimeStep(column(words, t, t + 1))[0];
      parts[1 + t - steps / 2] = next.reshape(next.size(0), next.size(1), 1);
    }
    return Nd4j.concat(2, parts).permute(0, 2, 1);
  }

  private static INDArray captions(INDArray initial, Answerer decoder, INDArray words) {
    INDArray state = initial;
    INDArray[] steps = new INDArray[(int) words.size(1)];
    for (int t = 0; t < steps.length; t++) {
      INDArray[] next = decoder.output(column(words, t, t + 1), state);
      steps[t] = next[0];
      state = next[1];
    }
    return Nd4j.stack(1, steps);
  }

  private static INDArray column(INDArray words, int from, int to) {
    return words.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to)).dup('c');
  }
}
