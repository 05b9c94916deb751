package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.util.ModelSerializer;
import org.descry.layer.ExplicitLayer;
import org.junit.jupiter.api.DynamicTest;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What every layer owes the network it stands in: JSON, zip, clone, parameters, training, types.
 *
 * @param graph a new, initialised network with the layer in it, of the given float type
 * @param vertex the name of the layer or vertex
 * @param data a small batch, float64
 */
record GraphContract(Function<DataType, ComputationGraph> graph, String vertex, MultiDataSet data) {
  private static final double FLOAT_TOLERANCE = 1e-4;

  Stream<DynamicTest> checks() {
    return Stream.of(
        dynamicTest("JSON round trip", this::json),
        dynamicTest("zip round trip", this::zip),
        dynamicTest("clone", this::cloned),
        dynamicTest("setParam", this::setParam),
        dynamicTest("a training step lowers the loss by the explicit pass", this::trainingStep),
        dynamicTest("workspaces change nothing", this::workspaces),
        dynamicTest("float32 agrees with float64", this::singlePrecision),
        dynamicTest("what is replayed is what is run, in float32", () -> replay(DataType.FLOAT)),
        dynamicTest("what is replayed is what is run, in float64", () -> replay(DataType.DOUBLE)));
  }

  private ComputationGraph network() {
    return graph.apply(DataType.DOUBLE);
  }

  private INDArray output(ComputationGraph network) {
    return network.outputSingle(data.getFeatures());
  }

  private GraphVertex subject(ComputationGraph network) {
    return network.getVertex(vertex);
  }

  private void json() {
    ComputationGraphConfiguration configuration = network().getConfiguration();
    var read = ComputationGraphConfiguration.fromJson(configuration.toJson());
    assertThat(read.toJson()).isEqualTo(configuration.toJson());
    assertThat(read).isEqualTo(configuration);
  }

  private void zip() throws IOException {
    ComputationGraph network = network();
    network.fit(data);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, bytes, true);
    ComputationGraph read =
        ModelSerializer.restoreComputationGraph(
            new ByteArrayInputStream(bytes.toByteArray()), true);
    assertThat(output(read)).isEqualTo(output(network));
    network.fit(data);
    read.fit(data);
    assertThat(read.params()).isEqualTo(network.params());
  }

  private void cloned() {
    ComputationGraph network = network();
    INDArray before = output(network);
    ComputationGraph copy = network.clone();
    assertThat(output(copy)).isEqualTo(before);
    copy.fit(data);
    assertThat(output(copy)).isNotEqualTo(before);
    assertThat(output(network)).isEqualTo(before);
  }

  private void setParam() {
    ComputationGraph network = network();
    RandomArrays random = new RandomArrays(17);
    for (String name : subject(network).paramTable(false).keySet()) {
      INDArray flat = network.params().dup();
      INDArray value = random.normal(network.getParam(vertex + "_" + name).shape());
      network.setParam(vertex + "_" + name, value);
      assertThat(network.getParam(vertex + "_" + name)).isEqualTo(value);
      assertThat(network.params()).as("the flat view after setting %s", name).isNotEqualTo(flat);
    }
  }

  private void trainingStep() {
    ComputationGraph network = network();
    double before = network.score(data);
    long passes = ExplicitLayer.backwardPasses(subject(network));
    network.fit(data);
    assertThat(network.score(data)).isLessThan(before);
    assertThat(ExplicitLayer.backwardPasses(subject(network))).isEqualTo(passes + 1);
  }

  private void workspaces() {
    ComputationGraph with = network();
    ComputationGraph without = network();
    with.getConfiguration().setTrainingWorkspaceMode(WorkspaceMode.ENABLED);
    without.getConfiguration().setTrainingWorkspaceMode(WorkspaceMode.NONE);
    for (int step = 0; step < 3; step++) {
      with.fit(data);
      without.fit(data);
      assertThat(with.params()).isEqualTo(without.params());
    }
  }

  private void singlePrecision() {
    ComputationGraph exact = network();
    ComputationGraph single = graph.apply(DataType.FLOAT);
    single.setParams(exact.params().castTo(DataType.FLOAT));
    INDArray out =
        single.outputSingle(
            Arrays.stream(data.getFeatures())
                .map(x -> x.castTo(DataType.FLOAT))
                .toArray(INDArray[]::new));
    assertThat(out.dataType()).isEqualTo(DataType.FLOAT);
    assertThat(Vectors.relativeError(out, output(exact), 1)).isLessThan(FLOAT_TOLERANCE);
  }

  private void replay(DataType type) {
    ReplayContract.check(graph.apply(type), graph.apply(type), vertex, data);
  }
}
