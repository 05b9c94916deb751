package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.ExitCode;
import org.descry.MemoryException;
import org.descry.engine.Allocator;
import org.descry.engine.Memory;
import org.descry.engine.dnn.Precision;
import org.descry.job.JobFile;
import org.descry.kernel.RnnCell;
import org.descry.kernel.Window;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.Sequences;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkMemory;
import org.descry.model.NetworkSettings;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** What no machine has room for is refused in a sentence, before native code asks for it. */
class MemoryLimitsTest {
  private static final String GIGABYTES = "4g";

  @TempDir Path dir;
  private String before;

  @BeforeEach
  void limit() {
    before = System.getProperty(Memory.ARRAYS);
    System.setProperty(Memory.ARRAYS, GIGABYTES);
  }

  @AfterEach
  void unlimit() {
    System.setProperty(Memory.ARRAYS, before);
  }

  /** The data do not exist: it is found out before they are read, and names layer and bytes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {type: language-rnn, hidden: 60000} | {source: text, path: none.txt} | Layer rnn | GB
          {type: language-rnn, embedding: 1000000, hidden: 1000000, rnn: lstm, layers: 64} | {source: text, path: none.txt} | Layer rnn | TB
          {type: language-rnn, embedding: 60000, hidden: 60000, tied: true} | {source: text, path: none.txt} | Layer rnn | GB
          {type: three-layer-convnet, filters: 1000000} | {source: image-folder, path: none} | Layer conv | GB
          {type: three-layer-convnet, hidden: 1000000} | {source: cifar10, path: none} | Layer hidden | GB
          {type: convnet, stages: [{filters: 1000, filterSize: 1023}, {filters: 1000}]} | {source: cifar10, path: none} | Layer conv1 | GB
          {type: convnet, stages: [{filters: 8}], hidden: [1000000, 1000000]} | {source: image-folder, path: none, height: 1024, width: 1024} | Layer hidden1 | TB
          {type: captioning-rnn, hidden: 1000000} | {source: captions, captions: none.txt, features: none.npy} | Layer rnn | TB
          {type: captioning-rnn, stages: [{filters: 1000000}]} | {source: captions, captions: none.txt, images: none, height: 1024, width: 1024} | Layer conv1 | TB
          """)
  void networksThatAreTooLarge(String model, String data, String layer, String unit) {
    assertThatThrownBy(() -> train("model=" + model, "data=" + data))
        .isInstanceOfSatisfying(
            MemoryException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.MEMORY))
        .hasMessageContaining(layer)
        .hasMessageMatching(".* needs [0-9.,]+ [GT]B of memory; expected at most .*")
        .hasMessageContaining(unit);
    assertThat(dir.resolve("runs/huge/model.zip")).doesNotExist();
  }

  /** 492 million parameters and two states each: more than an array of Java holds. */
  @Test
  void modelFilesThatAreTooLarge() {
    System.setProperty(Memory.ARRAYS, "100g");
    assertThatThrownBy(
            () ->
                train(
                    "model={type: three-layer-convnet, hidden: 60000}",
                    "data={source: cifar10, path: none}"))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("The model file, parameters and updater's state, would have 5.9 GB;");
  }

  /** Batches, and vocabularies, are known with the data alone. */
  @Test
  void batchesThatAreTooLarge() {
    assertThatThrownBy(
            () ->
                train(
                    "model={type: convnet, stages: [{filters: 2000, filterSize: 1}]}",
                    "data={source: shapes, train: 2000, validation: 10, test: 10}",
                    "training.batchSize=1000000"))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("Layer conv1 with what it keeps of a batch of 2,000 needs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model={type: three-layer-convnet, filters: 2147483647}",
        "model={type: three-layer-convnet, filterSize: 2147483647}",
        "model={type: convnet, stages: [{filters: 2147483647}]}",
        "model={type: convnet, stages: [{filters: 1}], hidden: [2147483647]}",
        "training.batchSize=1000000000",
        "data={source: image-folder, path: x, height: 100000, width: 100000}"
      })
  void settingsThatArePlainlyWrong(String setting) {
    assertThatThrownBy(
            () ->
                train(
                    "model={type: three-layer-convnet}",
                    "data={source: cifar10, path: none}",
                    setting))
        .isInstanceOfSatisfying(
            DescryException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("but expected at most");
  }

  private void train(String... settings) {
    JobFile file =
        JobFile.parse("job", "{name: huge, training: {epochs: 1}}").set(List.of(settings));
    Kinds.training(
            file.set("output.dir=" + dir.resolve("runs")).job(),
            new Training.Options(false, false),
            TrainingProgress.NONE)
        .run();
  }

  private static ComputationGraph graph(Layer layer, InputType input, Layer loss) {
    return new ComputationGraph(
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(input)
            .addLayer("large", layer, "in")
            .addLayer("out", loss, "large")
            .setOutputs("out")
            .build());
  }

  /** Networks that nobody has counted: the layers' parameters are, when DL4J asks for them. */
  @Test
  void parametersOfUsersOwnGraphs() {
    ComputationGraph affine =
        graph(
            new AffineLayer.Builder().nOut(2_000_000).build(),
            InputType.feedForward(2_000_000),
            new SoftmaxLossLayer());
    assertThatThrownBy(affine::init)
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("Layer large with its parameters alone needs 16.0 TB");
    ComputationGraph rnn =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(Sequences.type(8, 4))
                .addVertex(
                    "large", new RnnVertex(RnnCell.LSTM, 8, 1_000_000, 1, false, false, 0), "in")
                .addLayer("out", new TemporalSoftmaxLossLayer(), "large")
                .setOutputs("out")
                .build());
    assertThatThrownBy(rnn::init)
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("needs 16.0 TB");
  }

  /** And what they give is, when a batch passes. */
  @Test
  void outputsOfUsersOwnGraphs() {
    assertThatThrownBy(() -> new ConvReluLayer.Builder().filters(1).padding(1_000_000, 1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "ConvReluLayer: expected a padding of at most the filters' 3 x 3, since what lies"
                + " beyond is zero, got 1000000 x 1");
    ComputationGraph conv =
        graph(
            new ConvReluLayer.Builder().filters(1000).kernel(1, 999).padding(1, 999).build(),
            InputType.convolutional(1006, 8, 1),
            new SoftmaxLossLayer());
    conv.init();
    assertThatThrownBy(() -> conv.output(Nd4j.zeros(DataType.FLOAT, 2, 1, 1006, 8)))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("An array of 2 x 1008 x 1008 x 1000 FLOAT needs 8.1 GB");
  }

  @Test
  void arraysThatAreTooLarge() {
    assertThatThrownBy(() -> Allocator.DETACHED.create(DataType.FLOAT, 1L << 40, 1L << 40))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("more than 8 million TB");
    String process = System.getProperty(Memory.PROCESS);
    System.setProperty(Memory.PROCESS, "10m"); // less than any JVM takes
    try {
      assertThatThrownBy(() -> Allocator.DETACHED.create(DataType.FLOAT, 100L << 20))
          .isInstanceOf(MemoryException.class)
          .hasMessageContaining("beside the")
          .hasMessageContaining(Memory.PROCESS);
      assertThat(Allocator.DETACHED.create(DataType.FLOAT, 10).length()).isEqualTo(10);
    } finally {
      System.setProperty(Memory.PROCESS, process);
    }
  }

  @Test
  void whatFitsIsLeftAlone() throws Exception {
    LanguageRnn model = new LanguageRnn(50, 16, 32, 2, RnnCell.LSTM, 10, true, false);
    var configuration = model.configuration(NetworkSettings.of(1, new Adam(0.1)));
    NetworkMemory.require(configuration, 100, Precision.FLOAT32, model.inputTypes());
    System.setProperty(Memory.ARRAYS, "300k"); // the parameters alone are less
    assertThatThrownBy(
            () -> NetworkMemory.require(configuration, 100, Precision.FLOAT32, model.inputTypes()))
        .isInstanceOf(MemoryException.class);
    System.setProperty(Memory.ARRAYS, "0"); // no limit
    NetworkMemory.require(configuration, 100, Precision.FLOAT32, model.inputTypes());
    assertThat(Files.list(dir)).isEmpty();
  }

  /**
   * In bfloat16, of a convolution's input and its result's gradient; small ones stand apart too.
   */
  @Test
  void roundedImagesCount() {
    InputType color = InputType.convolutional(16, 16, 3);
    var configuration =
        new NeuralNetConfiguration.Builder()
            .updater(new Adam(0.1))
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(color)
            .addLayer("color", conv(8, 1), "image")
            .addLayer("wide", conv(6, 2), "color")
            .addLayer("small", conv(5, 1), "wide")
            .addLayer("scores", new AffineLayer.Builder().nOut(2).build(), "small")
            .addLayer("classes", new SoftmaxLossLayer(), "scores")
            .setOutputs("classes")
            .build();
    long exact = NetworkMemory.ofStep(configuration, 10, Precision.FLOAT32, color);
    long wide = 8 * 16 * 16 + 6 * 8 * 8;
    long small = (6 + 5) * 8 * 8;
    long sideBySide = (6 + 5) * 8 * (8 + 1); // with a column between two
    boolean before = Precision.emulate(false);
    try {
      assertThat(NetworkMemory.ofStep(configuration, 10, Precision.BFLOAT16, color) - exact)
          .isEqualTo(10 * Short.BYTES * (wide + small + sideBySide));
      Precision.emulate(true);
      if (Precision.emulated()) {
        assertThat(NetworkMemory.ofStep(configuration, 10, Precision.BFLOAT16, color) - exact)
            .isEqualTo(10 * 2 * Float.BYTES * (wide + small)); // for either pass
      }
    } finally {
      Precision.emulate(before);
    }
  }

  private static Layer conv(int filters, int stride) {
    return new ConvReluLayer.Builder()
        .filters(filters)
        .window(new Window(3, 3, stride, stride, 1, 1))
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "3g, 3221225472",
    "12 MB, 12582912",
    "7, 7",
    "1t, 1099511627776",
    "0, 9223372036854775807"
  })
  void limitsAreReadAsJavaCppReadsThem(String property, long bytes) {
    System.setProperty(Memory.ARRAYS, property);
    assertThat(Memory.limit()).isEqualTo(bytes);
  }

  @Test
  void bytesInWords() {
    assertThat(Memory.words(999)).isEqualTo("999 bytes");
    assertThat(Memory.words(14_400_000_000L)).isEqualTo("14.4 GB");
    assertThat(Memory.words(Long.MAX_VALUE - 1)).isEqualTo("9,223,372.0 TB");
    assertThat(Memory.product(1L << 32, 1L << 32)).isEqualTo(Long.MAX_VALUE);
    assertThat(Memory.product(1L << 62, 0)).isZero();
    assertThat(Memory.sum(Long.MAX_VALUE, 1)).isEqualTo(Long.MAX_VALUE);
  }
}
