package org.descry.export;

import java.io.File;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A program that has DL4J and nothing of Descry on its class path. For each two arguments, a kind
 * and the beginning of some files' names, it prints the largest difference between the answers that
 * it gets and those that are expected, in a line.
 */
final class PlainDl4j {
  private PlainDl4j() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    try {
      Class.forName("org.descry.engine.Engine");
      throw new IllegalStateException("Descry is on the class path");
    } catch (ClassNotFoundException e) {
      // As it should be.
    }
    for (int i = 0; i < args.length; i += 2) {
      System.out.println(difference(args[i], args[i + 1]));
    }
  }

  private static double difference(String kind, String files) throws Exception {
    INDArray expected = array(files + ".expected.npy");
    INDArray found =
        switch (kind) {
          case "classifier" -> network(files + ".zip").outputSingle(array(files + ".image.npy"));
          case "language" -> language(network(files + ".zip"), array(files + ".words.npy"));
          default ->
              captions(
                  network(files + "-encoder.zip").outputSingle(array(files + ".image.npy")),
                  network(files + "-decoder.zip"),
                  array(files + ".words.npy"));
        };
    return expected.sub(found).amaxNumber().doubleValue()
        / Math.max(1, expected.amaxNumber().doubleValue());
  }

  private static ComputationGraph network(String file) throws Exception {
    return ComputationGraph.load(new File(file), false);
  }

  private static INDArray array(String file) {
    return Nd4j.createFromNpyFile(new File(file));
  }

  /** The first half at once, the others token by token. */
  private static INDArray language(ComputationGraph network, INDArray words) {
    int steps = (int) words.size(1);
    INDArray[] parts = new INDArray[1 + steps - steps / 2];
    parts[0] = network.rnnTimeStep(column(words, 0, steps / 2))[0];
    for (int t = steps / 2; t < steps; t++) {
      INDArray next = network.rnnTimeStep(column(words, t, t + 1))[0];
      parts[1 + t - steps / 2] = next.reshape(next.size(0), next.size(1), 1);
    }
    return Nd4j.concat(2, parts).permute(0, 2, 1);
  }

  private static INDArray captions(INDArray initial, ComputationGraph decoder, INDArray words) {
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
