package org.descry.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

class NetworkZipTest {
  private static ComputationGraph network(DataType type, IUpdater updater) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .updater(updater)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(5))
                .addLayer("out", new OutputLayer.Builder().nOut(3).build(), "in")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }

  @Test
  void theEntriesAreThoseOfDl4j() throws IOException {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      for (IUpdater updater : List.of(new Adam(0.1), new Sgd(0.1))) {
        for (boolean saved : new boolean[] {true, false}) {
          ComputationGraph network = network(type, updater);
          ByteArrayOutputStream dl4j = new ByteArrayOutputStream();
          ModelSerializer.writeModel(network, dl4j, saved);
          Map<String, byte[]> entries = NetworkZip.entries(network, saved);
          Map<String, byte[]> expected = entries(dl4j.toByteArray());
          assertThat(entries.keySet()).containsExactlyElementsOf(expected.keySet());
          expected.forEach((name, bytes) -> assertThat(entries.get(name)).isEqualTo(bytes));
        }
      }
    }
  }

  private static Map<String, byte[]> entries(byte[] file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }
}
