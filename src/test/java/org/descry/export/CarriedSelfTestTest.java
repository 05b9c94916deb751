package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.archive.ModelArchive;
import org.descry.export.onnx.OnnxSession;
import org.descry.export.samediff.SameDiffGraph;
import org.descry.io.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Every export holds a fixed batch with its answers, for whoever runs it elsewhere. */
class CarriedSelfTestTest {
  @TempDir private static Path dir;
  private static List<Path> models;

  @BeforeAll
  static void train() throws IOException {
    models =
        List.of(
            TinyModels.convNet(dir),
            TinyModels.captioner(dir, "lstm", 1),
            TinyModels.languageModel(dir, "vanilla", 4, 1),
            TinyModels.sequenceClassifier(dir));
  }

  /** Asks a file by name; what it answers must be what it says. */
  private interface Asked {
    Map<String, INDArray> ask(Map<String, INDArray> inputs, String... outputs);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void whatIsExportedGivesTheAnswersThatItHolds(Format format) throws Exception {
    for (Path model : models) {
      String kind = ModelArchive.readManifest(model).kind();
      List<Path> files =
          new Export(model, format, dir.resolve(kind + "-" + format), true).run().files();
      for (Path file : files) {
        switch (format) {
          case DL4J ->
              assertThat(
                      ModelArchive.read(file)
                          .selfTest()
                          .check(
                              file,
                              ModelArchive.readManifest(file),
                              ModelArchive.read(file).network(),
                              0))
                  .isLessThan(1e-4);
          case DL4J_STOCK -> require(stock(file), StockZip.read(file));
          case SAMEDIFF -> {
            SameDiff graph = SameDiff.load(file.toFile(), false);
            byte[] tests = graph.getVariable("selftest").getArr().data().asBytes();
            for (JsonNode test : Json.MAPPER.readTree(tests)) {
              require(test, graph::output);
            }
          }
          case ONNX -> {
            try (OnnxSession session = new OnnxSession(file)) {
              require(onnx(file), (inputs, outputs) -> session.run(inputs));
            }
          }
          default -> throw new AssertionError(format);
        }
      }
    }
  }

  private static JsonNode stock(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile());
        InputStream in = zip.getInputStream(zip.getEntry("descry/selftest.json"))) {
      return Json.MAPPER.readTree(in);
    }
  }

  private static JsonNode onnx(Path file) throws IOException, OrtException {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      return Json.MAPPER.readTree(session.getMetadata().getCustomMetadata().get("selftest"));
    }
  }

  private static void require(JsonNode test, ComputationGraph network) {
    require(
        test,
        (inputs, outputs) -> {
          INDArray[] answers =
              network.output(
                  false,
                  network.getConfiguration().getNetworkInputs().stream()
                      .map(name -> inputs.get(name).castTo(DataType.FLOAT))
                      .toArray(INDArray[]::new));
          Map<String, INDArray> named = new HashMap<>();
          for (int i = 0; i < answers.length; i++) {
            named.put(network.getConfiguration().getNetworkOutputs().get(i), answers[i]);
          }
          return named;
        });
  }

  private static void require(JsonNode test, Asked asked) {
    assertThat(test.get("tolerance").asDouble()).isEqualTo(1e-4);
    Map<String, INDArray> inputs = arrays(test.get("inputs"));
    Map<String, INDArray> outputs = arrays(test.get("outputs"));
    assertThat(inputs).isNotEmpty();
    assertThat(outputs).isNotEmpty();
    Map<String, INDArray> answers = asked.ask(inputs, outputs.keySet().toArray(String[]::new));
    outputs.forEach(
        (name, expected) -> {
          INDArray sizes = Transforms.max(Transforms.abs(expected), 1);
          INDArray difference = Transforms.abs(answers.get(name).sub(expected)).div(sizes);
          assertThat(difference.maxNumber().doubleValue()).as(name).isLessThan(1e-4);
        });
  }

  private static Map<String, INDArray> arrays(JsonNode values) {
    Map<String, INDArray> arrays = new HashMap<>();
    for (JsonNode value : values) {
      List<Long> shape = new ArrayList<>();
      value.get("shape").forEach(size -> shape.add(size.asLong()));
      String name = value.get("name").asText();
      INDArray array =
          Nd4j.create(floats(value), shape.stream().mapToLong(Long::longValue).toArray(), 'c');
      boolean words = name.equals(SameDiffGraph.WORD) || name.equals(SameDiffGraph.WORDS);
      arrays.put(name, words ? array.castTo(DataType.INT32) : array);
    }
    return arrays;
  }

  private static float[] floats(JsonNode value) {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(value.get("data").binaryValue()).order(ByteOrder.LITTLE_ENDIAN);
      float[] values = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(values);
      return values;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
