package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.StreamSupport;
import org.nd4j.linalg.api.buffer.DataType;
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

  /** That an array has the figures, which PyTorch computed in float32. */
  static void assertEqual(INDArray actual, INDArray expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.castTo(DataType.DOUBLE).sub(expected).amaxNumber().doubleValue())
        .isLessThan(5e-7);
  }
}
