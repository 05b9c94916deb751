package org.descry.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.ModelArchive;
import org.descry.archive.NetworkZip;
import org.descry.archive.SelfTest;
import org.descry.io.Json;
import org.descry.io.Versions;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's zip of a network, with the names of its outputs. */
final class StockZip {
  static final String LABELS = NetworkZip.LABELS;

  private StockZip() {}

  /**
   * How a zip of one network is used: its part of the model card.
   *
   * @param answers what of Java asks the network
   * @param labels what stands in {@link #LABELS}, with whatever is to be said before
   */
  static String usage(String file, String answers, Signature signature, String labels) {
    return """
    %s

    ```java
    ComputationGraph network = ComputationGraph.load(new File("%s"), false);
    %s```

    %s

    %s, in the order of their numbers, are the JSON array `%s` in the zip.
    """
        .formatted(needs(), file, answers, signature, labels, LABELS);
  }

  /** A sentence for the model card. */
  static String needs() {
    return "A program needs `org.deeplearning4j:deeplearning4j-nn:%1$s` and `org.nd4j:nd4j-native:%1$s`, and nothing of Descry."
        .formatted(Versions.dl4j());
  }

  /**
   * @param labels null for none
   * @param question one row, that the zip holds with the network's answers
   */
  static void write(ComputationGraph network, List<String> labels, Path file, INDArray... question)
      throws IOException {
    Map<String, byte[]> entries = NetworkZip.entries(network, false);
    if (labels != null) {
      entries.put(LABELS, Json.pretty(labels).getBytes(StandardCharsets.UTF_8));
    }
    Map<String, INDArray> answers =
        named(network.getConfiguration().getNetworkOutputs(), network.output(false, question));
    SelfTest test =
        SelfTest.of(named(network.getConfiguration().getNetworkInputs(), question), answers);
    entries.put(ModelArchive.SELF_TEST, Json.pretty(test).getBytes(StandardCharsets.UTF_8));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      NetworkZip.write(entries, out);
    }
  }

  private static Map<String, INDArray> named(List<String> names, INDArray... arrays) {
    Map<String, INDArray> named = new LinkedHashMap<>();
    for (int i = 0; i < arrays.length; i++) {
      named.put(names.get(i), arrays[i]);
    }
    return named;
  }

  /** Whether a file is a zip that holds a network of DL4J's. */
  static boolean isNetwork(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.getEntry("configuration.json") != null;
    } catch (IOException e) {
      return false;
    }
  }

  static ComputationGraph read(Path file) {
    return NetworkZip.readStock(file);
  }
}
