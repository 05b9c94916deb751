package org.descry.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.descry.kind.service.Tensor;
import org.junit.jupiter.api.Test;

/**
 * Requests as the Open Inference Protocol's specification and its extension for binary tensors show
 * them (github.com/kserve/open-inference-protocol, tensors of integers).
 */
class ProtocolExamplesTest {
  @Test
  void aRequestInJsonIsRead() {
    for (String data : List.of("[ 1, 2, 3, 4 ]", "[ [ 1, 2 ], [ 3, 4 ] ]")) {
      byte[] body =
          """
          { "id" : "42",
            "inputs" : [ { "name" : "input0", "shape" : [ 2, 2 ], "datatype" : "UINT32", "data" : %s } ],
            "outputs" : [ { "name" : "output0" } ] }
          """
              .formatted(data)
              .getBytes(StandardCharsets.UTF_8);
      InferRequest request = InferReader.read(body, body.length);
      assertThat(request.id()).isEqualTo("42");
      assertThat(request.inputs().get("input0").numbers()).containsExactly(1, 2, 3, 4);
      assertThat(request.outputs()).containsOnlyKeys("output0");
    }
  }

  @Test
  void aRequestInBinaryIsReadAndAnsweredInKind() {
    byte[] json =
        """
        { "model_name" : "mymodel",
          "inputs" : [
            { "name" : "input0", "shape" : [ 2, 2 ], "datatype" : "UINT32", "parameters" : { "binary_data_size" : 16 } },
            { "name" : "input1", "shape" : [ 1 ], "datatype" : "BYTES", "parameters" : { "binary_data_size" : 6 } } ],
          "outputs" : [ { "name" : "output0", "parameters" : { "binary_data" : true } } ] }
        """
            .getBytes(StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(json, json.length + 22);
    for (int i = 0; i < 4; i++) {
      body[json.length + 4 * i] = (byte) (i + 1);
    }
    body[json.length + 16] = 2;
    body[json.length + 20] = 'h';
    body[json.length + 21] = 'i';
    InferRequest request = InferReader.read(body, json.length);
    assertThat(request.inputs().get("input0").numbers()).containsExactly(1, 2, 3, 4);
    assertThat(request.inputs().get("input1").texts()).containsExactly("hi");
    InferWriter.Response answer =
        InferWriter.write(
            "mymodel",
            "1",
            request,
            List.of(new Tensor("output0", "FP32", new long[] {1}, new float[] {1}, null)));
    assertThat(new String(answer.body(), 0, answer.json(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"model_name\":\"mymodel\",\"model_version\":\"1\",\"outputs\":[{\"name\":\"output0\",\"datatype\":\"FP32\",\"shape\":[1],\"parameters\":{\"binary_data_size\":4}}]}");
    assertThat(answer.body()).endsWith(0, 0, 0x80, 0x3f);
  }
}
