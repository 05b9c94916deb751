package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.engine.tape.Tape;
import org.descry.layer.Recordable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What {@link Recordable} promises: passes that were recorded on one batch and replayed on another,
 * in another iteration, give the bits that they give without a recording.
 */
final class ReplayContract {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  private final GraphVertex vertex;
  private final INDArray[] inputs;
  private final INDArray labels;
  private final INDArray params;
  private INDArray epsilon;
  private List<INDArray> results;

  private ReplayContract(ComputationGraph network, String name, MultiDataSet data) {
    network.initGradientsView();
    vertex = network.getVertex(name);
    params = network.params();
    DataType type = params.dataType();
    network.fit(cast(data, type)); // makes what a first pass makes
    Map<String, INDArray> activations =
        network.feedForward(cast(data, type).getFeatures(), false, false);
    inputs =
        network.getConfiguration().getVertexInputs().get(name).stream()
            .map(input -> activations.get(input).dup('c'))
            .toArray(INDArray[]::new);
    labels = data.getLabels(0).castTo(type).dup('c');
  }

  private static MultiDataSet cast(MultiDataSet data, DataType type) {
    INDArray[] features = new INDArray[data.numFeatureArrays()];
    for (int i = 0; i < features.length; i++) {
      features[i] = data.getFeatures(i).castTo(type);
    }
    return new org.nd4j.linalg.dataset.MultiDataSet(
        features,
        new INDArray[] {data.getLabels(0).castTo(type)},
        null,
        data.getLabelsMaskArrays());
  }

  /**
   * @param recorded and the other: two networks alike
   */
  static void check(
      ComputationGraph recorded, ComputationGraph other, String name, MultiDataSet data) {
    ReplayContract replaying = new ReplayContract(recorded, name, data);
    ReplayContract plain = new ReplayContract(other, name, data);
    assumeTrue(((Recordable) replaying.passes()).recordable(), "its passes are not recordable");
    Tape tape = Tape.record(replaying::run);
    plain.run();
    requireSame("recorded", replaying, plain);

    replaying.nextStep();
    plain.nextStep();
    ((Recordable) replaying.passes()).beforeReplay();
    tape.replay();
    plain.run();
    requireSame("replayed", replaying, plain);
  }

  private Object passes() {
    return vertex.hasLayer() ? vertex.getLayer() : vertex;
  }

  private void run() {
    for (int i = 0; i < inputs.length; i++) {
      vertex.setInput(i, inputs[i], NO_WORKSPACES);
    }
    results = new ArrayList<>();
    if (vertex.getLayer() instanceof IOutputLayer loss) {
      loss.setLabels(labels);
      results.add(loss.computeScoreForExamples(0, NO_WORKSPACES));
    } else {
      INDArray out = vertex.doForward(true, NO_WORKSPACES);
      results.add(out);
      if (epsilon == null) {
        Tape.once(() -> epsilon = new RandomArrays(3).normal(out.shape()).castTo(out.dataType()));
      }
      vertex.setEpsilon(epsilon);
    }
    var pass = vertex.doBackward(false, NO_WORKSPACES);
    for (INDArray dX : pass.getSecond()) {
      if (dX != null) {
        results.add(dX);
      }
    }
    results.addAll(pass.getFirst().gradientForVariable().values());
  }

  /** Another batch, another iteration, other parameters, all where they were. */
  private void nextStep() {
    for (INDArray array : inputs) {
      array.assign(reversed(array));
    }
    labels.assign(reversed(labels));
    if (epsilon != null) {
      epsilon.assign(reversed(epsilon));
    }
    params.muli(1.25);
    if (vertex.hasLayer()) {
      vertex.getLayer().setIterationCount(vertex.getLayer().getIterationCount() + 1);
    }
  }

  private static INDArray reversed(INDArray array) {
    INDArray reversed = array.dup('c');
    for (long i = 0; i < array.size(0); i++) {
      reversed.putSlice((int) i, array.slice(array.size(0) - 1 - i));
    }
    return reversed;
  }

  private static void requireSame(String when, ReplayContract one, ReplayContract other) {
    assertThat(one.results).hasSameSizeAs(other.results);
    for (int i = 0; i < one.results.size(); i++) {
      assertThat(bits(one.results.get(i)))
          .as("result %d, %s", i, when)
          .isEqualTo(bits(other.results.get(i)));
    }
    assertThat(bits(one.params)).as("parameters, %s", when).isEqualTo(bits(other.params));
  }

  private static double[] bits(INDArray array) {
    return array.dup('c').data().asDouble();
  }
}
