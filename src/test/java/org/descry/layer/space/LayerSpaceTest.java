package org.descry.layer.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.arbiter.ComputationGraphSpace;
import org.deeplearning4j.arbiter.DL4JConfiguration;
import org.deeplearning4j.arbiter.GraphConfiguration;
import org.deeplearning4j.arbiter.MultiLayerSpace;
import org.deeplearning4j.arbiter.conf.updater.AdamSpace;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.ParameterSpace;
import org.deeplearning4j.arbiter.optimize.generator.RandomSearchGenerator;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.descry.kernel.Activation;
import org.descry.kernel.RnnCell;
import org.descry.kernel.Window;
import org.descry.layer.AffineBlockLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.descry.layer.WordEmbeddingLayer;
import org.descry.testing.EngineSession;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arbiter's spaces of networks hold our layers and vertices. */
class LayerSpaceTest {
  private static final int CANDIDATES = 5;

  /** Values of the settings that one layer or another cannot do without. */
  private static final Map<String, ?> VALUES =
      Map.of(
          "cell", RnnCell.LSTM,
          "nIn", 4,
          "hidden", 4,
          "layers", 1,
          "vocabulary", 5,
          "width", 3,
          "probability", 0.5,
          "filters", 4,
          "channels", 4,
          "nOut", 4);

  private static Map<String, ?> needed(Class<?> type) {
    Map<String, Object> needed = new HashMap<>(VALUES);
    needed.put("places", 4);
    needed.keySet().retainAll(new Blueprint<>(type).names());
    return needed;
  }

  @TestFactory
  Stream<DynamicTest> everyLayerAndVertexHasASpace() {
    return new ClassFileImporter(List.of(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS))
        .importPackages("org.descry.layer").stream()
            .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(type -> type.isTopLevelClass())
            .filter(
                type -> type.isAssignableTo(Layer.class) || type.isAssignableTo(GraphVertex.class))
            .map(JavaClass::reflect)
            .map(type -> dynamicTest(type.getSimpleName(), () -> makes(type)));
  }

  private static void makes(Class<?> type) {
    ParameterSpace<?> space =
        Layer.class.isAssignableFrom(type)
            ? new ExplicitLayerSpace<>(type.asSubclass(Layer.class), needed(type))
            : new VertexSpace<>(type.asSubclass(GraphVertex.class), needed(type));
    Object one = space.getValue(new double[0]);
    assertThat(one).isExactlyInstanceOf(type).isEqualTo(space.getValue(new double[0]));
    assertThat(one).isNotSameAs(space.getValue(new double[0]));
  }

  private static ExplicitLayerSpace<ConvReluPoolLayer> convolution() {
    return new ExplicitLayerSpace<>(
        ConvReluPoolLayer.class,
        Map.of(
            "filters",
            new IntegerParameterSpace(2, 6),
            "kernel",
            new DiscreteParameterSpace<>(1, 3),
            "pool",
            new int[] {2, 4},
            "inputGradient",
            false));
  }

  @Test
  void aGraphOfConvolutionsTrains() throws Exception {
    ComputationGraphSpace space =
        new ComputationGraphSpace.Builder()
            .seed(1)
            .updater(new AdamSpace(new ContinuousParameterSpace(0.001, 0.1)))
            .addInputs("image")
            .setInputTypes(InputType.convolutional(8, 8, 2))
            .layer("convolution", convolution(), "image")
            .layer(
                "block",
                new ExplicitLayerSpace<>(
                    AffineBlockLayer.class,
                    Map.of(
                        "nOut", new IntegerParameterSpace(3, 9),
                        "activation", new DiscreteParameterSpace<>(Activation.values()),
                        "batchNorm", new DiscreteParameterSpace<>(true, false),
                        "l2", new ContinuousParameterSpace(1e-4, 1e-2))),
                "convolution")
            .layer("scores", new AffineLayer.Builder().nOut(3).build(), "block")
            .layer("loss", new SoftmaxLossLayer(), "scores")
            .setOutputs("loss")
            .build();
    assertThat(space.numParameters()).isEqualTo(7);
    INDArray x = new RandomArrays(1).normal(3, 2, 8, 8);
    Set<String> different = new HashSet<>();
    for (Object value : candidates(space)) {
      ComputationGraphConfiguration drawn = ((GraphConfiguration) value).getConfiguration();
      different.add(drawn.toJson());
      ComputationGraph network = new ComputationGraph(drawn);
      network.init();
      network.fit(new INDArray[] {x}, new INDArray[] {Nd4j.eye(3)});
      assertThat(network.score()).isFinite();
      ConvReluPoolLayer layer =
          (ConvReluPoolLayer) network.getLayer("convolution").conf().getLayer();
      assertThat(layer.filters()).isBetween(2L, 6L);
      assertThat(layer.window()).isIn(new Window(1, 1, 1, 1, 0, 0), new Window(3, 3, 1, 1, 1, 1));
    }
    assertThat(different).hasSize(CANDIDATES);
  }

  @Test
  void aGraphOfVerticesTrains() throws Exception {
    IntegerParameterSpace width = new IntegerParameterSpace(2, 5);
    ComputationGraphSpace space =
        new GraphSpace.Builder()
            .addVertex(
                "rnn",
                new VertexSpace<>(
                    RnnVertex.class,
                    Map.of(
                        "cell", new DiscreteParameterSpace<>(RnnCell.values()),
                        "nIn", width, // the same space twice is one setting
                        "hidden", new IntegerParameterSpace(2, 6),
                        "layers", new IntegerParameterSpace(1, 2),
                        "bidirectional", new DiscreteParameterSpace<>(true, false))),
                "words")
            .seed(1)
            .l2(new ContinuousParameterSpace(1e-4, 1e-2))
            .addInputs("x")
            .setInputTypes(InputType.recurrent(1, 4, RNNFormat.NWC))
            .layer(
                "words",
                new ExplicitLayerSpace<>(
                    WordEmbeddingLayer.class, Map.of("vocabulary", 5, "width", width)),
                "x")
            .addVertex("fixed", new ScaleVertex(0.5), "rnn")
            .layer("scores", new TemporalAffineLayer.Builder().nOut(5).build(), "fixed")
            .layer("loss", new TemporalSoftmaxLossLayer(), "scores")
            .setOutputs("loss")
            .build();
    assertThat(space.numParameters()).isEqualTo(6);
    INDArray words = Nd4j.createFromArray(new float[][] {{0, 1, 2, 3}, {4, 3, 2, 1}});
    Set<Object> vertices = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Object value : candidates(space)) {
      ComputationGraphConfiguration drawn = ((GraphConfiguration) value).getConfiguration();
      vertices.add(drawn.getVertices().get("rnn"));
      vertices.add(drawn.getVertices().get("fixed"));
      ComputationGraph network = new ComputationGraph(drawn);
      network.init();
      network.fit(new INDArray[] {words}, new INDArray[] {words});
      assertThat(network.score()).isFinite();
    }
    assertThat(vertices).hasSize(2 * CANDIDATES);
  }

  @Test
  void aNetworkComesBackFromJson() throws Exception {
    MultiLayerSpace space =
        new MultiLayerSpace.Builder()
            .seed(1)
            .setInputType(InputType.convolutional(8, 16, 2))
            .addLayer(convolution())
            // Arbiter does not read its own space of a fixed layer
            .addLayer(new ExplicitLayerSpace<>(AffineLayer.class, Map.of("nOut", 3)))
            .addLayer(new ExplicitLayerSpace<>(SoftmaxLossLayer.class, Map.of()))
            .build();
    MultiLayerSpace read =
        EngineSession.deserialising(() -> MultiLayerSpace.fromJson(space.toJson()));
    assertThat(read.getLayerSpace(0)).hasToString(convolution().toString());
    INDArray x = new RandomArrays(1).normal(3, 2, 8, 16);
    List<Object> again = candidates(read);
    for (Object value : candidates(space)) {
      MultiLayerConfiguration drawn = ((DL4JConfiguration) value).getMultiLayerConfiguration();
      assertThat(((DL4JConfiguration) again.remove(0)).getMultiLayerConfiguration().toJson())
          .isEqualTo(drawn.toJson());
      MultiLayerNetwork network = new MultiLayerNetwork(drawn);
      network.init();
      network.fit(x, Nd4j.eye(3));
      assertThat(network.score()).isFinite();
    }
  }

  private static List<Object> candidates(ParameterSpace<?> space) throws Exception {
    RandomSearchGenerator generator = new RandomSearchGenerator(space);
    generator.setRngSeed(1);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < CANDIDATES; i++) {
      Candidate<?> candidate = generator.getCandidate();
      assertThat(candidate.getException()).isNull(); // what Arbiter caught
      values.add(EngineSession.deserialising(candidate::getValue)); // so Arbiter copies values
    }
    return values;
  }

  /** Java maps have any order: that of the settings decides what a seed means. */
  @Test
  void theOrderInWhichSettingsAreGivenIsTheSame() {
    Map<String, ParameterSpace<?>> one = new LinkedHashMap<>();
    one.put("nOut", new IntegerParameterSpace(1, 100));
    one.put("l2", new ContinuousParameterSpace(0, 1));
    Map<String, ParameterSpace<?>> other = new LinkedHashMap<>();
    other.put("l2", one.get("l2"));
    other.put("nOut", one.get("nOut"));
    assertThat(new ExplicitLayerSpace<>(AffineLayer.class, one).collectLeaves())
        .containsExactly(one.get("l2"), one.get("nOut"))
        .isEqualTo(new ExplicitLayerSpace<>(AffineLayer.class, other).collectLeaves());
  }

  @Test
  void mistakesAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExplicitLayerSpace<>(ConvReluLayer.class, Map.of("filter", 3)))
        .withMessageStartingWith("ConvReluLayer: expected settings among [")
        .withMessageContaining("filters")
        .withMessageEndingWith("], got \"filter\"");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ExplicitLayerSpace<>(ConvReluLayer.class, Map.of("filters", 2.5))
                    .getValue(new double[0]))
        .withMessage("ConvReluLayer.filters: expected long, got Double 2.5");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ExplicitLayerSpace<>(ConvReluLayer.class, Map.of("filters", 0))
                    .getValue(new double[0]))
        .withMessage("ConvReluLayer: expected at least 1 filter, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new VertexSpace<>(RnnVertex.class, Map.of("hidden", 2.5)).getValue(new double[0]))
        .withMessage("RnnVertex: expected settings that it takes, got {hidden=2.5}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VertexSpace<>(RnnVertex.class, Map.of("width", 2)))
        .withMessageContaining("got \"width\"");
  }
}
