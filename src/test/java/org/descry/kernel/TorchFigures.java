package org.descry.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.StreamSupport;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays that PyTorch computed, by name, and those it computed them from, in float64. */
record TorchFigures(JsonNode figures) {
  /** A resource beside this class, which says itself where its figures are from. */
  static TorchFigures read(String resource) throws IOException {
    try (InputStream in = TorchFigures.class.getResourceAsStream(resource)) {
      return new TorchFigures(new ObjectMapper().readTree(in));
    }
  }

  INDArray array(String name) {
    JsonNode node = figures.path(name);
    long[] shape =
        StreamSupport.stream(node.path("shape").spliterator(), false)
            .mapToLong(JsonNode::asLong)
            .toArray();
    double[] values =
        StreamSupport.stream(node.path("values").spliterator(), false)
            .mapToDouble(JsonNode::asDouble)
            .toArray();
    return Nd4j.createFromArray(values).reshape('c', shape);
  }
}
