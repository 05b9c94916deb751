package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.descry.testing.Networks.SUBJECT;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.gradcheck.LossSubject;
import org.descry.layer.LossLayer;
import org.junit.jupiter.api.DynamicTest;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The one contract of all loss layers: the gradient by three ways, masks, scores of single
 * examples, and what {@link GraphContract} lists. The loss stands on a trunk of its own, so that
 * there is something to train.
 *
 * @param loss makes a new configuration of the loss layer
 * @param trunk makes a layer with parameters that maps scores to scores of the same shape
 * @param inputType the type of the scores
 * @param scores a batch of scores, float64, examples first
 * @param labels the labels of the batch
 * @param mask the labels' mask, with zeros and ones in it, its shape beginning as that of the
 *     scores
 */
public record LossContract(
    Supplier<? extends LossLayer> loss,
    Supplier<? extends org.deeplearning4j.nn.conf.layers.Layer> trunk,
    InputType inputType,
    INDArray scores,
    INDArray labels,
    INDArray mask) {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();
  private static final String TRUNK = "trunk";
  private static final double L2 = 0.1;

  /** The contract as one test a clause. */
  public Stream<DynamicTest> checks() {
    var inNetwork =
        new GraphContract(
            type -> network(type, 0), SUBJECT, new DataSet(scores, labels).toMultiDataSet());
    return Stream.concat(
        Stream.of(
            dynamicTest("defineLayer is the score", this::definition),
            dynamicTest("three ways to the gradient agree", () -> gradients(null)),
            dynamicTest("and so they do with a mask", () -> gradients(mask)),
            dynamicTest("masked places count for nothing", this::maskedPlaces),
            dynamicTest("masks reach the loss through the network", this::maskInNetwork),
            dynamicTest("scoreExamples adds up to the score", this::scoreExamples)),
        inNetwork.checks());
  }

  private ComputationGraph network(DataType type, double l2) {
    return Networks.initialized(
        Networks.settings(type)
            .l2(l2)
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(inputType)
            .addLayer(TRUNK, trunk.get(), "in")
            .addLayer(SUBJECT, loss.get(), TRUNK)
            .setOutputs(SUBJECT));
  }

  private Layer runtime() {
    ComputationGraph network = network(DataType.DOUBLE, 0);
    network.initGradientsView();
    return network.getLayer(SUBJECT);
  }

  private double score(Layer runtime, INDArray x, INDArray kept) {
    runtime.setInput(x, NO_WORKSPACES);
    ((IOutputLayer) runtime).setLabels(labels);
    runtime.setMaskArray(kept);
    return ((IOutputLayer) runtime).computeScore(0, true, NO_WORKSPACES);
  }

  /** The gradient of the mean loss; DL4J has layers hand over that of the sum. */
  private INDArray gradient(Layer runtime, INDArray x, INDArray kept) {
    score(runtime, x, kept);
    return runtime.backpropGradient(null, NO_WORKSPACES).getSecond().dup('c').divi(x.size(0));
  }

  private void definition() {
    Layer runtime = runtime();
    SameDiff graph = SameDiff.create();
    SDVariable defined =
        loss.get()
            .defineLayer(
                graph, placeHolder(graph, "x", scores), placeHolder(graph, "y", labels), Map.of());
    double value =
        graph.outputSingle(Map.of("x", scores, "y", labels), defined.name()).getDouble(0);
    assertThat(score(runtime, scores, null)).isCloseTo(value, within(1e-12));
  }

  private static SDVariable placeHolder(SameDiff graph, String name, INDArray array) {
    return graph.placeHolder(name, array.dataType(), array.shape());
  }

  private void gradients(INDArray kept) {
    Gradients.assertAgree(new LossSubject(SUBJECT, runtime(), scores, labels, kept));
  }

  private void maskedPlaces() {
    Layer runtime = runtime();
    INDArray changed = scoresWithOthersWhereMasked();
    assertThat(score(runtime, changed, mask)).isEqualTo(score(runtime, scores, mask));
    INDArray gradient = gradient(runtime, changed, mask);
    assertThat(gradient).isEqualTo(gradient(runtime, scores, mask));
    Tensor g = Tensor.of(gradient);
    Tensor kept = Tensor.of(mask);
    int classes = g.length() / kept.length();
    for (int i = 0; i < g.length(); i++) {
      if (kept.flat(i / classes) == 0) {
        assertThat(g.flat(i)).as("gradient at masked place %d", i).isZero();
      }
    }
  }

  private INDArray scoresWithOthersWhereMasked() {
    Tensor x = Tensor.of(scores);
    Tensor kept = Tensor.of(mask);
    int classes = x.length() / kept.length();
    for (int i = 0; i < x.length(); i++) {
      if (kept.flat(i / classes) == 0) {
        x.setFlat(100 + 7 * i, i);
      }
    }
    return x.toArray();
  }

  private void maskInNetwork() {
    ComputationGraph network = network(DataType.DOUBLE, 0);
    ComputationGraph other = network.clone();
    DataSet masked = new DataSet(scores, labels, null, mask);
    DataSet changed = new DataSet(scoresWithOthersWhereMasked(), labels, null, mask);
    double score = network.score(masked);
    assertThat(score).isNotEqualTo(network.score(new DataSet(scores, labels)));
    assertThat(other.score(changed)).isEqualTo(score);
    network.fit(masked);
    other.fit(changed);
    assertThat(network.score()).isCloseTo(score, within(1e-12));
    assertThat(Vectors.relativeError(other.params(), network.params())).isLessThan(1e-12);
  }

  private void scoreExamples() {
    ComputationGraph network = network(DataType.DOUBLE, L2);
    double regularization = network.calcRegularizationScore(true);
    assertThat(regularization).isPositive();
    for (INDArray kept : new INDArray[] {null, mask}) {
      DataSet data = new DataSet(scores, labels, null, kept);
      INDArray plain = network.scoreExamples(data, false);
      assertThat(plain.length()).isEqualTo(scores.size(0));
      double sum = plain.sumNumber().doubleValue();
      assertThat(sum / scores.size(0))
          .isCloseTo(network.score(data) - regularization, within(1e-12));
      INDArray full = network.scoreExamples(data, true);
      assertThat(Vectors.relativeError(full, plain.add(regularization))).isLessThan(1e-12);
    }
  }
}
